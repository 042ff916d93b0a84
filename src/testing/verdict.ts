import { OptionError } from '../errors.ts'
import { Job } from '../job.ts'
import { describe, isRecord } from '../options.ts'
import { type Expectation, find } from './expectation.ts'
import { missingText, presentText } from './message.ts'
import type { Target } from './target.ts'

/** Whether something is as expected. */
export interface Verdict {
  readonly passes: boolean
  /** Why it is not, or, where it is, why it should not be. */
  readonly message: () => string
}

/** Whether such jobs wait. */
export function judge(call: string, target: Target, expectation: Expectation): Verdict {
  const found = find(call, target, expectation)
  const text = found.passes ? presentText : missingText
  return { passes: found.passes, message: () => text(target, expectation, found) }
}

/** Whether a job, or a payload of one, is retried: at all, or so often. */
export function judgeRetryable(call: string, subject: unknown, retries: number | boolean | undefined): Verdict {
  const [name, retry] = retryOf(call, subject)
  const passes = retries === undefined ? retry !== false && retry !== 0 : countOf(retry) === countOf(retries)
  const wanted = retries === undefined ? 'to be retryable' : `to be retryable: ${words(retries)}`
  const message = () => `${passes ? 'Did not expect' : 'Expected'} ${name} ${wanted}; it is: ${words(retry)}.`
  return { passes, message }
}

function retryOf(call: string, subject: unknown): [name: string, retry: number | boolean] {
  if (subject instanceof Job) return [subject.name, subject.retry]
  if (isRecord(subject) && typeof subject.class === 'string') {
    return [subject.class, (subject.retry as number | boolean | undefined) ?? true]
  }
  throw new OptionError(`${call}() takes a job, or a payload from jobs(); got ${describe(subject)}.`)
}

const DEFAULT_RETRIES = 25

const countOf = (retry: number | boolean): number | false => (retry === true ? DEFAULT_RETRIES : retry)

function words(retry: number | boolean): string {
  if (retry === false) return 'never, and nothing is kept'
  return countOf(retry) === 1 ? 'once' : `${countOf(retry)} times`
}
