// A process with one worker, which claims a job and then blocks its event loop. Says on standard output what it does.
// Arguments: the options of the storage as JSON, and how long to block, in milliseconds.

const dist = new URL('../../dist/', import.meta.url)
/** @type {typeof import('../../adapters/redis/index.ts')} */
const { redisStorage } = await import(`${dist}adapters/redis/index.js`)
/** @type {typeof import('../../src/clock.ts')} */
const { systemClock: clock } = await import(`${dist}src/clock.js`)

const [options = '{}', blockMs] = process.argv.slice(2)
const say = (/** @type {unknown} */ fields, /** @type {string} */ message) => console.log(message, fields)
const logger = { debug() {}, info: say, warn: say, error: say }
const open = redisStorage(JSON.parse(options))
const storage = await open({ namespace: '', clock, logger, dead: { max: 9, forMs: 1e9 } })
const worker = 'blocking'
const leaseMs = 2000
const about = { startedAt: 0, queues: [], concurrency: 1, tag: '', labels: [], capsules: {} }
await storage.beat({ worker, leaseMs, about, quiet: false, running: [], heard: [], held: [], answered: {} })
await storage.push([{ jid: 'a', queue: 'default', text: '{"jid":"a"}', delayMs: 0 }], { client: 'c', number: 1 })
const claim = { worker, leaseMs, lane: 'a', request: 1, settlements: [], limit: 1, ahead: 0, begun: [] }
await storage.exchange({ ...claim, queues: ['default'] })
console.log('blocked')
const end = performance.now() + Number(blockMs)
while (performance.now() < end);
console.log('free')
await storage.close()
