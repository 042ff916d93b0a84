import type { InlinePerformer } from '../client.ts'
import type { Context } from '../context.ts'
import { JobCancelledError } from '../errors.ts'
import { execute } from './execute.ts'
import { Task } from './task.ts'

/** Performs a job at once, by the steps of a worker but without a storage. What the run throws reaches the caller. */
export function inlinePerformer(context: Context): InlinePerformer {
  return async (text, queue) => {
    const task = new Task({ token: 0, queue, text, recoveries: 0 }, context, { stopping: false })
    const outcome = await execute(task, context)
    switch (outcome.kind) {
      case 'completed':
        return outcome.value
      case 'failed':
      case 'parked':
      case 'malformed':
        throw outcome.error
      case 'expired':
        return null
      default:
        throw task.abortedBy ?? new JobCancelledError('The run was told to end.')
    }
  }
}
