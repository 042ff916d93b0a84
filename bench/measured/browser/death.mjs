// How many jobs run again when a tab dies while it drains, and whether each runs.

import { setTimeout as sleep } from 'node:timers/promises'
import { Ledger } from '../ledger.mjs'
import { measure } from '../measure.mjs'
import { Tabs } from './tabs.mjs'

/** @typedef {import('./tabs.mjs').Place & { jobs: number, concurrency: number }} Settings */

await measure(async (/** @type {Settings} */ { jobs, concurrency, ...place }) => {
  const tabs = await Tabs.open(place)
  const [dying, heir] = [await tabs.tab(), await tabs.tab()]
  await heir.call('fill', { jobs })
  /** @type {(indexes: number[]) => void} */
  let tell = () => {}
  const told = new Promise((/** @type {typeof tell} */ resolve) => {
    tell = resolve
  })
  await dying.expose('dying', tell)
  // Not at a round number: that may be the end of a window.
  await dying.call('work', { concurrency, last: Math.floor(jobs / 2) + 7 })
  const before = new Set(await told)
  await dying.crash()
  const diedAt = performance.timeOrigin + performance.now()
  await heir.call('work', { concurrency })
  while ((await heir.call('unfinished', undefined)) > 0) await sleep(20)
  const { indexes, times } = await heir.call('found', undefined)
  await tabs.close(dying, heir)
  const ledger = new Ledger(jobs)
  for (const index of new Set([...before, ...indexes])) ledger.count(index)
  await ledger.check()
  if (new Set(indexes).size !== indexes.length) throw new Error('A job ran twice in the tab that lives.')
  const again = indexes.filter((index) => before.has(index)).length
  return { again, takenOverMs: (times[0] ?? Number.NaN) - diedAt }
})
