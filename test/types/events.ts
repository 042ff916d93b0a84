import { type Events, type Middleware, Quayside, type Run } from 'quayside'
import { memoryStorage } from 'quayside/memory'

const app = new Quayside({ storage: memoryStorage() })

// ─── events ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const end: () => void = app.on('job:failed', ({ jid, job, queue, attempt, durationMs, error, payload }) => {
  const texts: string[] = [jid, job, queue, error.message, payload.class]
  const numbers: number[] = [attempt, durationMs]
  return void [texts, numbers]
})
app.on('job:retried', ({ delayMs, error }) => void [delayMs.toFixed(), error.name])
app.on('job:discarded', ({ reason, error }) => {
  const why: 'expired' | 'failed' = reason
  // @ts-expect-error: there may be none
  return void [why, error.message]
})
app.on('worker:stopped', ({ worker, unfinished }) => void [worker.length, unfinished.toFixed()])
app.on('storage:available', ({ downMs }) => void downMs.toFixed())
app.on('job:completed', async () => {})
app.off('job:failed', () => {})
// @ts-expect-error: an event that there is not
app.on('job:finished', () => {})
// @ts-expect-error: an event that there is not
app.off('job:finished', () => {})
// @ts-expect-error: a job that starts has not failed
app.on('job:started', ({ error }) => void error)
app.on('job:started', ({ payload }) => {
  // @ts-expect-error: a payload that is heard of is not changed
  payload.queue = 'low'
})
// @ts-expect-error: no listener
app.on('job:started', 'log')
const listener = (event: Events['job:died']) => void event.error.message
app.on('job:died', listener)
// @ts-expect-error: a listener of another event
app.on('worker:quiet', listener)

// ─── middleware ──────────────────────────────────────────────────────────────────────────────────────────────────────

app.use(async ({ payload, delayMs, app: sameApp }, next) => {
  payload.queue = delayMs > 0 ? 'later' : 'low'
  payload.locale = 'de'
  void sameApp.client
  await next()
})
app.useWorker(async (run, next) => {
  const same: Run = run
  run.log.info({ jid: same.jid, attempt: run.attempt }, 'begins')
  await next()
})
app.use(() => {}).use((_push, next) => next())
// @ts-expect-error: a push has no signal
app.use(({ signal }, next) => next(signal))
// @ts-expect-error: a run has no delay
app.useWorker(({ delayMs }) => void delayMs)
const forRuns: Middleware<Run> = (_run, next) => next()
app.workerMiddleware.prepend(forRuns).insertAfter(forRuns, (run) => void run.jid)
// @ts-expect-error: a middleware of the other chain
app.clientMiddleware.prepend(forRuns)
// @ts-expect-error: next takes nothing
app.use((_push, next) => next('on'))

app.on('network:lost', ({ worker, error }) => [worker, error.message])
app.on('network:back', ({ worker, awayMs }) => worker.padEnd(awayMs))

// ─── handlers and workers ────────────────────────────────────────────────────────────────────────────────────────────

app.onError((error, { payload, message }) => [error.name, payload?.jid, message])
// @ts-expect-error: there may be no job to blame
app.onError((_error, { payload }) => payload.jid)
app.onDeath((payload, error) => [payload.jid, error.name])

app.work({ concurrency: 10, queues: ['critical', 'default'], timeout: '25s' })
app.work({
  queues: { critical: 3, default: 1 },
  order: 'weighted',
  capsules: { slow: { queues: ['slow'], concurrency: 1 } },
})
// @ts-expect-error: an order that there is not
app.work({ order: 'fifo' })
// @ts-expect-error: seconds or milliseconds?
app.work({ timeout: 25 })
// @ts-expect-error: a weight is a number
app.work({ queues: { critical: '3' } })
// @ts-expect-error: an option that there is not
app.work({ threads: 5 })

export { end }
