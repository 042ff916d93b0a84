import { aBoolean, jobName, nearest, oneOf, queueName, type Rules, rule } from '../../options.ts'
import { UsageError } from '../failure.ts'
import { checked, record } from './readers.ts'

const aText = rule('a string that is not empty', (value) => typeof value === 'string' && value !== '')

/** A periodic job as the file has it: the job by its name. */
export type CronEntry = Readonly<Record<string, unknown>> & { readonly cron: string; readonly job: string }

/** What the file can say of a periodic job. Whether its times make sense, `app.cron` knows. */
const RULES: Rules = {
  cron: rule("times such as '0 3 * * *'", aText.test),
  job: jobName,
  args: rule('a list of arguments', Array.isArray),
  queue: queueName,
  timezone: rule("a time zone such as 'Europe/Berlin'", aText.test),
  missed: oneOf('once', 'all', 'skip'),
  overlap: oneOf('allow', 'skip'),
  description: aText,
  enabled: aBoolean,
}

/** Periodic jobs by name: `{ cleanup: { cron: '0 3 * * *', job: 'DailyCleanup' } }`. Throws UsageError. */
export function readCron(given: unknown, where: string): Readonly<Record<string, CronEntry>> {
  const entries = record(given, where)
  for (const [name, entry] of Object.entries(entries)) checkEntry(entry, `${where}.${name}`)
  return entries as Readonly<Record<string, CronEntry>>
}

function checkEntry(given: unknown, where: string): void {
  const entry = record(given, where)
  for (const [name, value] of Object.entries(entry)) {
    const known = Object.hasOwn(RULES, name) ? RULES[name] : undefined
    const near = nearest(name, Object.keys(RULES))
    const hint = near ? `did you mean "${near}"?` : `it has ${Object.keys(RULES).join(', ')}`
    if (!known) throw new UsageError(`${where} has no setting "${name}"; ${hint}`)
    checked(value, `${where}.${name}`, known)
  }
  for (const name of ['cron', 'job']) if (entry[name] === undefined) throw new UsageError(`${where}.${name} is missing`)
}
