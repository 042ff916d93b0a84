import type { StoredJob } from '../inspect/stored-job.ts'
import { fieldText } from '../payload-text.ts'
import { type Printed, printJson } from './json-text.ts'
import type { Redact } from './redact.ts'

/** What stands for a hidden value. It is no JSON, so that nobody takes it for a value. */
const MARK = '•••'

const LONGEST_PREVIEW = 160
const LONGEST_SHOWN = 50_000

/** The arguments in one short line, for a table. */
export function argsPreview(job: StoredJob, redact: Redact): string {
  return printArgs(job, redact, { layout: 'line', longest: LONGEST_PREVIEW }).text.replace(/^\[(.*)\]$/s, '$1')
}

/** The arguments as they are stored, one value a line; the bytes themselves when they are no job. */
export function argsShown(job: StoredJob, redact: Redact): Printed {
  return printArgs(job, redact, { layout: 'lines', longest: LONGEST_SHOWN })
}

/** The whole payload. What hides an argument also hides a field by its name. */
export function payloadShown(job: StoredJob, redact: Redact): Printed {
  if (!job.payload)
    return { text: job.text.slice(0, LONGEST_SHOWN), isRedacted: false, isCut: job.text.length > LONGEST_SHOWN }
  const hides = (path: readonly (string | number)[]) => {
    // The name of a unique lock has the arguments in it.
    if (path.length === 1 && path[0] === 'unique_key') return argsShown(job, redact).isRedacted
    return path[0] === 'args' ? path.length > 1 && redact(path.slice(1), job.class) : redact(path, job.class)
  }
  return printJson(job.text, { hides, mark: MARK, layout: 'lines', longest: LONGEST_SHOWN })
}

function printArgs(job: StoredJob, redact: Redact, how: { layout: 'line' | 'lines'; longest: number }): Printed {
  const args = job.payload ? fieldText(job.text, 'args') : undefined
  if (args === undefined)
    return { text: job.text.slice(0, how.longest), isRedacted: false, isCut: job.text.length > how.longest }
  return printJson(args, { hides: (path) => redact(path, job.class), mark: MARK, ...how })
}

/** The name that people know a job by: Active Job and others wrap theirs. */
export function jobName(job: StoredJob): string {
  const names = [job.payload?.display_class, job.payload?.wrapped]
  return names.find((name) => typeof name === 'string' && name !== '')?.toString() ?? job.class
}

/** Whether a job waits until somebody finds the network there. */
export function isParked({ payload }: StoredJob): boolean {
  return payload?.waiting_for === 'network'
}
