import { jobName } from '../../options.ts'
import { UsageError } from '../failure.ts'

/** One job, as the files that are written about it call it. */
export interface Names {
  /** As it is enqueued: `TaskLogger`. */
  readonly job: string
  /** Of its file, without an extension: `task-logger`. */
  readonly file: string
}

/** Takes `TaskLogger`, `task-logger`, `task_logger` and `TaskLoggerJob` alike. Throws UsageError for what is no name. */
export function namesOf(given: string): Names {
  const words = given
    .replace(/([a-z\d])([A-Z])/g, '$1-$2')
    .split(/[-_\s]+/)
    .filter((word) => word !== '')
  const job = words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join('')
  if (!/^[A-Za-z][\w-]*$/.test(given) || !jobName.test(job)) {
    throw new UsageError(`${JSON.stringify(given)} is no name of a job: use letters and digits, such as TaskLogger`)
  }
  return { job, file: words.map((word) => word.toLowerCase()).join('-') }
}
