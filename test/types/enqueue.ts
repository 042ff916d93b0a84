import { Quayside } from 'quayside'
import { memoryStorage } from 'quayside/memory'

const app = new Quayside({ storage: memoryStorage() })
const job = app.job('Charge', {
  perform(orderId: number, method: string) {
    return [orderId, method]
  },
})

// ─── durations carry their unit ──────────────────────────────────────────────────────────────────────────────────────

job.performIn('10m', 7, 'visa')
job.performIn('1.5h', 7, 'visa')
job.performIn({ minutes: 10, seconds: 30 }, 7, 'visa')
// @ts-expect-error: seconds or milliseconds?
job.performIn(10, 7, 'visa')
// @ts-expect-error: no unit that there is
job.performIn('10 parsecs', 7, 'visa')
// @ts-expect-error: no unit that there is
job.performIn('10parsecs', 7, 'visa')
// @ts-expect-error: no unit
job.performIn('10', 7, 'visa')
// @ts-expect-error: no number
job.performIn('m', 7, 'visa')
// @ts-expect-error: a part that there is not
job.performIn({ parsecs: 10 }, 7, 'visa')
// @ts-expect-error: a part is a number
job.performIn({ minutes: '10' }, 7, 'visa')
// @ts-expect-error: text that is not known to be one
job.performIn('10m' as string, 7, 'visa')
// @ts-expect-error: a Date is a time, not a length of time
job.performIn(new Date(), 7, 'visa')

// ─── the family ──────────────────────────────────────────────────────────────────────────────────────────────────────

const one: Promise<string | null> = job.performIn('10m', 7, 'visa')
const at: Promise<string | null> = job.performAt(new Date(), 7, 'visa')
const many: Promise<(string | null)[]> = job.performBulk(
  [
    [7, 'visa'],
    [8, 'sepa'],
  ],
  { spread: '1h' },
)
const inline: Promise<unknown> = job.performInline(7, 'visa')
const plain: unknown = job.perform(7, 'visa')
// @ts-expect-error: the arguments are missing
job.performIn('10m')
// @ts-expect-error: of another type
job.performIn('10m', '7', 'visa')
// @ts-expect-error: an instant is a Date
job.performAt(Date.now(), 7, 'visa')
// @ts-expect-error: an instant is a Date
job.performAt('2026-12-24', 7, 'visa')
// @ts-expect-error: the arguments are missing
job.performAt(new Date())
// @ts-expect-error: an array of arrays
job.performBulk([7, 'visa'])
// @ts-expect-error: of another type
job.performBulk([['8', 'sepa']])
// @ts-expect-error: an option that there is not
job.performBulk([[7, 'visa']], { batch: 10 })
// @ts-expect-error: seconds or milliseconds?
job.performBulk([[7, 'visa']], { spread: 10 })
// @ts-expect-error: of another type
job.performInline('7', 'visa')
// @ts-expect-error: of another type
job.perform('7', 'visa')

// ─── set ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

job.set({ queue: 'low', retry: 3, tags: ['a'], wait: '10m' }).performAsync(7, 'visa')
job
  .set({ waitUntil: new Date(), jid: 'mine' })
  .set({ unique: { for: '1h', until: 'start' } })
  .performIn('1s', 7, 'visa')
// @ts-expect-error: the arguments stay those of the job
job.set({ queue: 'low' }).performAsync('7', 'visa')
// @ts-expect-error: an option that there is not
job.set({ que: 'low' })
// @ts-expect-error: a definition has it, an enqueue has not
job.set({ timeout: '10m' })
// @ts-expect-error: seconds or milliseconds?
job.set({ wait: 10 })
// @ts-expect-error: a lock has an end
job.set({ unique: { until: 'start' } })
// @ts-expect-error: one of two
job.set({ unique: { for: '1h', until: 'end' } })
// @ts-expect-error: true, false or a number
job.set({ retry: '3' })

// ─── a definition ────────────────────────────────────────────────────────────────────────────────────────────────────

class Declined extends Error {}

app.job('Options', {
  timeout: { seconds: 10 },
  retry: 10,
  retryFor: '2d',
  discardOn: [Declined, 'RecordNotFound'],
  retryOn: [{ error: [Declined, 'Timeout'], wait: (executions) => `${executions ** 2}s`, attempts: 3 }],
  retryIn: (count, error, payload) => {
    if (payload.class === 'Other') return 'discard'
    if (error instanceof Declined) return 'kill'
    return count > 3 ? { minutes: 5 * count } : undefined
  },
  retriesExhausted: (payload, error) => `${payload.jid} ${error.message}`,
  perform() {},
})
// @ts-expect-error: seconds or milliseconds?
app.job('D1', { timeout: 10, perform() {} })
// @ts-expect-error: an option that there is not
app.job('D2', { retries: 10, perform() {} })
// @ts-expect-error: seconds or milliseconds?
app.job('D3', { retryIn: () => 10, perform() {} })
// @ts-expect-error: it cannot wait for an answer
app.job('D4', { retryIn: async () => '10s', perform() {} })
// @ts-expect-error: no class of errors
app.job('D5', { discardOn: [Date], perform() {} })
// @ts-expect-error: which errors?
app.job('D6', { retryOn: [{ wait: '3s' }], perform() {} })
app.job('D8', { durability: 'strict', perform() {} }).set({ durability: 'relaxed' })
// @ts-expect-error: one of two
app.job('D9', { durability: 'eventual', perform() {} })
// @ts-expect-error: an enqueue has it, a definition has not
app.job('D7', { wait: '10m', perform() {} })
new Quayside({ storage: memoryStorage(), defaults: { retry: 3, queue: 'low', durability: 'strict' } })
// @ts-expect-error: no default for all jobs
new Quayside({ storage: memoryStorage(), defaults: { timeout: '10m' } })

// ─── payloads ────────────────────────────────────────────────────────────────────────────────────────────────────────

app.client.push({ class: 'RubyMailerJob', args: [42], queue: 'mailers', at: 1_795_313_135.5, mine: { a: 1 } })
// @ts-expect-error: the arguments are missing
app.client.push({ class: 'RubyMailerJob' })
// @ts-expect-error: the class is missing
app.client.push({ args: [] })
// @ts-expect-error: seconds
app.client.push({ class: 'A', args: [], at: new Date() })

export { at, inline, many, one, plain }
