// Enqueues jobs for a worker in another process: so many in bulk before it is ready, and then the rest one by one.

import { contender } from './contenders.mjs'
import { beside } from './elsewhere.mjs'
import { inBulk, inFlight } from './enqueuing.mjs'

/** @typedef {{ contender: string, url: string, bulk: number, single: number }} Settings */

await beside(async (/** @type {Settings} */ { contender: name, url, bulk, single }) => {
  const { open } = await contender(name)
  const producer = await open({ url, burst: true })
  await inBulk(producer, 0, bulk)
  return () => inFlight(producer, bulk, bulk + single)
})
