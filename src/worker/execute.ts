import type { Context } from '../context.ts'
import { toMs } from '../duration.ts'
import { hasCode, JobTimeoutError, PoisonedJobError, toError, UnknownJobError } from '../errors.ts'
import type { JobEvent } from '../events.ts'
import type { Job } from '../job.ts'
import { nearest } from '../options.ts'
import { instantMs } from '../payload.ts'
import { isNetworkError } from './network-error.ts'
import type { Task } from './task.ts'

/** How a run ended. */
export type Outcome =
  | { readonly kind: 'completed'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly error: Error }
  /** Its workers vanished while performing it, too often: it is not performed. */
  | { readonly kind: 'poisoned'; readonly error: Error }
  /** The network that it requires is away: it waits. */
  | { readonly kind: 'parked'; readonly error: Error }
  /** Its bytes are no job. */
  | { readonly kind: 'malformed'; readonly error: Error }
  /** Its time was over before it began. */
  | { readonly kind: 'expired' }
  | { readonly kind: 'cancelled' }
  /** The worker stops; somebody else shall do it. */
  | { readonly kind: 'unfinished' }
  /** Somebody else does it already. */
  | { readonly kind: 'lost' }

/** All but a run whose job is parked: where it waits its worker knows. */
export type Ended = Exclude<Outcome, { kind: 'parked' }>

/** So many times within 72 hours. The first may be bad luck, and before the third the job had run alone. */
const DEADLY_RECOVERIES = 3

/**
 * Runs one job: find it, pass the worker middleware, perform, and say how it ended. Knows no storage: a worker, an
 * inline call and a test all run jobs by this.
 */
export async function execute(task: Task, context: Context): Promise<Outcome> {
  if (task.malformed) return { kind: 'malformed', error: task.malformed }
  if (task.job.recoveries >= DEADLY_RECOVERIES) return { kind: 'poisoned', error: poisoned() }
  if (isExpired(task, context)) return { kind: 'expired' }
  // Told to end while it waited for its turn: it never begins.
  if (task.abortedBy) return outcomeOf(task.abortedBy, task)
  const { events, clock } = context
  if (events.hears('job:started')) {
    events.emit('job:started', { ...jobEvent(task), attempt: task.attempt })
  }
  const begun = clock.monotonic()
  const outcome = await perform(task, context)
  if (outcome.kind === 'completed' && events.hears('job:completed')) {
    events.emit('job:completed', runEvent(task, clock.monotonic() - begun))
  }
  if (outcome.kind === 'failed' && events.hears('job:failed')) {
    events.emit('job:failed', { ...runEvent(task, clock.monotonic() - begun), error: outcome.error })
  }
  return outcome
}

function isExpired({ payload }: Task, { clock }: Context): boolean {
  const expiresMs = instantMs(payload.expires_at)
  return expiresMs !== undefined && expiresMs <= clock.now()
}

async function perform(task: Task, context: Context): Promise<Outcome> {
  const job = context.jobs.get(task.payload.class)
  if (!job?.spec.perform) return { kind: 'failed', error: unknownJob(task, job, context) }
  const stopTimer = startTimeout(task, job, context)
  try {
    const running = call(task, job, context)
    // An answer that is no promise needs nobody to wait for it.
    return { kind: 'completed', value: isThenable(running) ? await task.orGivenUp(running) : running }
  } catch (thrown) {
    return outcomeOf(thrown, task)
  } finally {
    stopTimer?.()
    task.end()
  }
}

function call(task: Task, job: Job<never>, { workerMiddleware }: Context): unknown {
  const invoke = (): unknown => job.spec.perform?.apply(task, task.payload.args as never)
  if (workerMiddleware.links.length === 0) return invoke()
  let value: unknown
  const last = async () => {
    value = await invoke()
  }
  return workerMiddleware.run(task, last).then(() => value)
}

function startTimeout(task: Task, { name, spec }: Job<never>, { clock }: Context): (() => void) | undefined {
  if (spec.timeout === undefined) return undefined
  const message = `The job '${name}' ran longer than its timeout of ${JSON.stringify(spec.timeout)}.`
  return clock.after(toMs(spec.timeout, 'timeout'), () => task.abort(new JobTimeoutError(message)))
}

/** Once a run was told to end, whatever it throws is taken as its obeying: abort errors come in many shapes. */
function outcomeOf(thrown: unknown, task: Task): Outcome {
  const { abortedBy: reason } = task
  const error = toError(thrown)
  if (hasCode(reason, 'ERR_LEASE_LOST')) return { kind: 'lost' }
  if (hasCode(reason, 'ERR_JOB_CANCELLED')) return { kind: 'cancelled' }
  if (hasCode(reason, 'ERR_SHUTDOWN') || (task.stopping && hasCode(error, 'ERR_SHUTDOWN')))
    return { kind: 'unfinished' }
  if (!reason && task.requiresNetwork && isNetworkError(error)) return { kind: 'parked', error }
  if (reason && !cameOf(error, reason)) reason.cause ??= thrown
  return { kind: 'failed', error: reason ?? error }
}

const poisoned = (): PoisonedJobError =>
  new PoisonedJobError('Its worker vanished while performing it, three times within 72 hours.')

/** Whether `cause` is among an error's causes: Node's AbortErrors have the reason of their signal there. */
function cameOf(thrown: unknown, cause: Error, depth = 8): boolean {
  return thrown === cause || (thrown instanceof Error && depth > 0 && cameOf(thrown.cause, cause, depth - 1))
}

function unknownJob({ payload, queue }: Task, job: Job<never> | undefined, { jobs }: Context): UnknownJobError {
  if (job)
    return new UnknownJobError(
      `The job '${payload.class}' has no perform here; leave its queue '${queue}' to a worker that has.`,
    )
  const near = nearest(payload.class, jobs.keys())
  const hint = near ? `did you mean '${near}'?` : `this process defines ${[...jobs.keys()].join(', ') || 'none'}.`
  return new UnknownJobError(
    `There is no job '${payload.class}' here: define it with app.job() before app.work(); ${hint}`,
  )
}

export function jobEvent({ payload, queue }: Task): JobEvent {
  return { jid: payload.jid, job: payload.class, queue, payload }
}

export function runEvent(task: Task, durationMs: number): JobEvent & { attempt: number; durationMs: number } {
  return { ...jobEvent(task), attempt: task.attempt, durationMs }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
