// How many jobs go into the storage, and out of it again, in a second while so many others wait: through the contract
// that every storage keeps (src/storage.ts), so the same program measures another storage.
//
// One clock runs around the whole loop. A clock around each call shows rates that are many times too high: what a call
// leaves to the garbage collector is then mostly cleared away between the calls, where no clock runs.

import { systemClock } from 'quayside'
import { memoryStorage } from 'quayside/memory'
import { Ledger } from './ledger.mjs'
import { bytesInUse, measure, timed } from './measure.mjs'

const AT_ONCE = 100
const WARM_UP = 50_000
const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** @typedef {{ waiting: number, jobs: number }} Settings */

await measure(async (/** @type {Settings} */ { waiting, jobs }) => {
  const dead = { max: 10_000, forMs: 1e9 }
  const storage = await memoryStorage()({ clock: systemClock, logger: silent, namespace: '', dead })
  const ledger = new Ledger(jobs + WARM_UP)
  /** @type {string[]} */
  const claimed = []
  let written = 0
  let pushes = 0
  let request = 0
  /** @type {import('quayside').Settlement[]} */
  let settlements = []
  for (const entries of slices(waiting)) await push(entries)
  await throughStorage(slices(WARM_UP))
  const work = slices(jobs)
  await bytesInUse()
  const { seconds, cpuSeconds } = await timed(() => throughStorage(work))
  for (const text of claimed) ledger.count(JSON.parse(text).args[0])
  await ledger.check()
  const { enqueued } = await storage.stats(0)
  if (enqueued !== waiting) throw new Error(`${enqueued} jobs wait, not ${waiting}.`)
  return { perSecond: jobs / seconds, cpuMicrosPerJob: (cpuSeconds / jobs) * 1e6 }

  /** @param {import('quayside').Entry[][]} work */
  async function throughStorage(work) {
    for (const entries of work) {
      await push(entries)
      await claim(entries.length)
    }
  }

  /** Written before the clock starts: that takes longer than to store them. @param {number} count */
  function slices(count) {
    const entries = Array.from({ length: count }, () => entry(written++))
    return Array.from({ length: Math.ceil(count / AT_ONCE) }, (_, slice) =>
      entries.slice(slice * AT_ONCE, (slice + 1) * AT_ONCE),
    )
  }

  /** @param {import('quayside').Entry[]} entries */
  async function push(entries) {
    const refusals = await storage.push(entries, { client: 'client:1', number: ++pushes })
    if (refusals.length > 0) throw new Error(`${refusals.length} jobs were refused.`)
  }

  /** Claims jobs, and settles those of the call before. @param {number} limit */
  async function claim(limit) {
    const asked = { worker: 'worker:1', leaseMs: 60_000, lane: 'default', queues: ['default'], ahead: 0, begun: [] }
    const answer = await storage.exchange({ ...asked, request: ++request, settlements, limit })
    if (answer.jobs.length !== limit) throw new Error(`${answer.jobs.length} jobs were claimed, not ${limit}.`)
    settlements = answer.jobs.map(({ token }) => ({ token, to: 'nowhere', tally: 'ok' }))
    for (const { text } of answer.jobs) claimed.push(text)
  }
})

/** @param {number} index */
function entry(index) {
  const jid = index.toString(16).padStart(24, '0')
  const at = 1_700_000_000.123
  const payload = { retry: true, queue: 'default', class: 'NoOp', args: [index], jid, created_at: at, enqueued_at: at }
  return { jid, queue: 'default', text: JSON.stringify(payload), delayMs: 0 }
}
