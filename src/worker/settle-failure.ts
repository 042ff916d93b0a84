import { encodeBacktrace } from '../backtrace.ts'
import type { Context } from '../context.ts'
import type { Payload } from '../payload.ts'
import { replaceFields } from '../payload-text.ts'
import { guarded, report, tellDeathHandlers, tellErrorHandlers } from '../report.ts'
import type { Settlement } from '../storage.ts'
import { jobEvent, runEvent } from './execute.ts'
import { decide, type Failure, failureFields } from './retry.ts'
import type { Task } from './task.ts'

/** A run that failed, on its way to the retry set, the dead set, or nowhere. */
export interface Failed {
  readonly error: Error
  /** As it is stored: what a handler did to its own is its own affair. */
  readonly payload: Payload
  readonly task: Task
  readonly context: Context
}

export async function settleFailure(failed: Failed): Promise<Settlement> {
  const { error, payload, task, context } = failed
  const message = `${payload.class} failed`
  task.log.warn({ error: error.name, reason: error.message }, message)
  await tellErrorHandlers(context, error, { payload, message })
  const verdict = decide(failureOf(failed))
  switch (verdict.kind) {
    case 'retry':
      return retry(failed, verdict.fields, verdict.delayMs)
    case 'exhausted':
      return exhaust(failed, verdict.fields)
    case 'dropped':
      if (verdict.isDeath) await tellDeathHandlers(context, { ...payload, ...verdict.fields }, error)
      return discard(failed)
  }
}

/** Sends a job to the dead set without asking whether it may be retried. */
export async function bury(failed: Failed, tally: Settlement['tally']): Promise<Settlement> {
  const fields = failureFields(failureOf(failed))
  await tellDeathHandlers(failed.context, { ...failed.payload, ...fields }, failed.error)
  return die(failed, fields, tally)
}

function failureOf({ error, payload, task, context }: Failed): Failure {
  return {
    error,
    payload,
    queue: task.queue,
    spec: context.jobs.get(payload.class)?.spec,
    nowMs: context.clock.now(),
    stamp: context.stamp,
    random: () => context.clock.random(),
    report: (thrown) => report(context, thrown, "a job's own retry rule threw or answered no delay; the default holds"),
  }
}

async function retry(failed: Failed, fields: Partial<Payload>, delayMs: number): Promise<Settlement> {
  const { error, task, context } = failed
  const text = await failedText(failed, fields)
  context.events.emit('job:retried', { ...runEvent(task, context.clock.now() - task.startedAt), error, delayMs })
  return { token: task.job.token, to: 'retry', tally: 'failed', delayMs, text }
}

async function exhaust(failed: Failed, fields: Partial<Payload>): Promise<Settlement> {
  const { error, context } = failed
  const payload = { ...failed.payload, ...fields }
  const spec = context.jobs.get(payload.class)?.spec
  const answer = await guarded(context, 'retriesExhausted threw', () => spec?.retriesExhausted?.(payload, error))
  await tellDeathHandlers(context, payload, error)
  // A job that nobody here can perform is kept, whatever it says itself.
  const isKept = (payload.dead !== false || !spec?.perform) && answer !== 'discard'
  return isKept ? die(failed, fields, 'failed') : discard(failed)
}

async function die(failed: Failed, fields: Partial<Payload>, tally: Settlement['tally']): Promise<Settlement> {
  const { error, task, context } = failed
  const text = await failedText(failed, fields)
  context.events.emit('job:died', { ...jobEvent(task), payload: { ...failed.payload, ...fields }, error })
  task.log.warn({ error: error.name, reason: error.message }, 'the job is in the dead set')
  return { token: task.job.token, to: 'dead', tally, text, unlock: task.lock }
}

function discard({ error, task, context }: Failed): Settlement {
  context.events.emit('job:discarded', { ...jobEvent(task), reason: 'failed', error })
  return { token: task.job.token, to: 'nowhere', tally: 'failed', unlock: task.lock }
}

/** The original text with only what the failure changes: what the handler did to its arguments is not stored. */
async function failedText({ error, payload, task }: Failed, fields: Partial<Payload>): Promise<string> {
  const { backtrace } = payload
  const error_backtrace = backtrace ? await encodeBacktrace(error, backtrace) : undefined
  return replaceFields(task.job.text, error_backtrace ? { ...fields, error_backtrace } : fields)
}
