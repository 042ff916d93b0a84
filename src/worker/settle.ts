import type { Context } from '../context.ts'
import { isRecord } from '../options.ts'
import { parsePayload } from '../payload.ts'
import { report } from '../report.ts'
import type { Settlement } from '../storage.ts'
import { type Ended, jobEvent } from './execute.ts'
import { bury, settleFailure } from './settle-failure.ts'
import type { Task } from './task.ts'

/**
 * Turns the outcome of a run into what storage is told, and tells the handlers and listeners. Undefined: storage is
 * told nothing, because the job is another worker's now.
 */
export async function settle(outcome: Ended, task: Task, context: Context): Promise<Settlement | undefined> {
  const { token, text } = task.job
  switch (outcome.kind) {
    case 'completed':
      return gone(task, 'ok')
    case 'failed':
      return settleFailure({ error: outcome.error, payload: parsePayload(text), task, context })
    case 'poisoned':
      return bury({ error: outcome.error, payload: parsePayload(text), task, context }, 'none')
    case 'malformed':
      report(context, outcome.error, `a job of the queue '${task.queue}' cannot be read; its text is in the dead set`)
      return { token, to: 'dead', tally: 'failed', text: showable(text, outcome.error, task, context) }
    case 'expired':
      context.events.emit('job:discarded', { ...jobEvent(task), reason: 'expired' })
      return gone(task, 'none')
    case 'cancelled':
      context.events.emit('job:cancelled', jobEvent(task))
      return gone(task, 'ok')
    case 'unfinished':
      return { token, to: 'queue', tally: 'none' }
    case 'lost':
      return undefined
  }
}

/**
 * Sidekiq's page of the dead set fails over JSON that is no object, such as `[]` or `null`: that becomes the argument of
 * a job. Undefined for all other bytes, which stay as they are.
 */
function showable(text: string, { name, message }: Error, { queue }: Task, context: Context): string | undefined {
  if (!isBareJson(text)) return undefined
  const now = context.stamp(context.clock.now())
  const error = { error_class: name, error_message: message, failed_at: now }
  const job = { retry: 0, queue, class: 'MalformedPayload', args: [text], jid: context.clock.id(), created_at: now }
  return JSON.stringify({ ...job, ...error })
}

function isBareJson(text: string): boolean {
  try {
    return !isRecord(JSON.parse(text))
  } catch {
    return false
  }
}

const gone = (task: Task, tally: Settlement['tally']): Settlement => ({
  token: task.job.token,
  to: 'nowhere',
  tally,
  unlock: task.lock,
})
