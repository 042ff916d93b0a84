// What a worker that has nothing to do on so many queues asks of Redis, as MONITOR shows it: a script counts as one
// request, what it calls is not counted; a MULTI counts as one, with all that it wraps. The process enqueues as well.

import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { Ledger } from '../ledger.mjs'
import { measure } from '../measure.mjs'
import { contender } from './contenders.mjs'

/** From the last job until nobody remembers it. */
const CALM_MS = 3_000
const OURS = 'bench'

/** @typedef {{ contender: string, url: string, queues: number, seconds: number }} Settings */

await measure(async (/** @type {Settings} */ { contender: name, url, queues, seconds }) => {
  const ledger = new Ledger(queues)
  const { open, work } = await contender(name)
  const { enqueue } = await open({ url, queues })
  await work({ url, queues }, { concurrency: 10, perform: async (index) => ledger.count(index) })
  for (let index = 0; index < queues; index++) await enqueue(index)
  await ledger.full()
  await ledger.check()
  await sleep(CALM_MS)
  const redis = new Redis(url, { connectionName: OURS })
  const clients = String(await redis.client('LIST'))
    .trim()
    .split('\n')
  const connections = clients.filter((line) => !line.includes(` name=${OURS} `)).length
  const requests = countRequests(new URL(url))
  await sleep(seconds * 1000)
  return { perSecond: requests() / seconds, connections }
})

/**
 * Counts from now on. MONITOR by hand: a client library takes a line that comes before the OK for an answer.
 * @param {URL} url
 */
function countRequests({ hostname, port }) {
  let requests = 0
  /** Connections that are inside a MULTI. */
  const wrapped = new Set()
  const socket = connect(Number(port), hostname)
  socket.write('MONITOR\r\n')
  createInterface({ input: socket }).on('line', (line) => {
    const [, source = 'lua', command = ''] = /\[\d+ (.*?)\] "(.*?)"/.exec(line) ?? []
    if (source === 'lua') return
    if (!wrapped.has(source)) requests++
    if (/^multi$/i.test(command)) wrapped.add(source)
    if (/^(exec|discard)$/i.test(command)) wrapped.delete(source)
  })
  return () => requests
}
