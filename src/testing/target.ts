import type { StoredJob } from '../../adapters/memory/store.ts'
import { App } from '../app.ts'
import { contextOf } from '../context.ts'
import { OptionError } from '../errors.ts'
import type { Job } from '../job.ts'
import { check, queueName } from '../options.ts'
import { parsePayload } from '../payload.ts'
import { TestGround } from './test-ground.ts'

/** The jobs that are meant: those of one job, or all of an app. */
export type Target = App | Job<never>

/** Whether a stored job is among those that are meant. */
export type Selector = (job: StoredJob) => boolean

/** The name of a target's job; undefined for an app. */
export const nameOf = (target: Target): string | undefined => (target instanceof App ? undefined : target.name)

/** What the target's app stands on. Throws OptionError when that is no testing mode. */
export function groundOf(call: string, target: Target): TestGround {
  const { ground } = contextOf(target)
  if (ground instanceof TestGround) return ground
  throw new OptionError(`${call}(): the app is in no testing mode; call fake(app) first, or from inside of its block.`)
}

/** The jobs of a target. */
export function jobsOf(target: Target): Selector {
  const name = nameOf(target)
  return name === undefined ? () => true : having('class', name)
}

/** The jobs of a queue: those in it, and those that will come to it. Throws OptionError for what is no name. */
export function jobsOn(call: string, queue: string): Selector {
  check(`${call}(): the queue`, queue, queueName)
  return having('queue', queue)
}

/** The text is searched before it is parsed: most jobs are others. */
function having(field: 'class' | 'queue', value: string): Selector {
  const mark = JSON.stringify(value)
  return ({ text }) => text.includes(mark) && parsePayload(text)[field] === value
}
