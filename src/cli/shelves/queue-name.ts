import { queueName } from '../../options.ts'
import { UsageError } from '../failure.ts'

/** Answers the name of a queue as it was given. Throws UsageError for what cannot be one. */
export function checkedQueue(name: string): string {
  if (queueName.test(name)) return name
  throw new UsageError(`${JSON.stringify(name)} is no name of a queue`)
}
