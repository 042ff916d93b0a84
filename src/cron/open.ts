import type { Context } from '../context.ts'
import { check, checkOptions, isRecord, queueName, type Rules, rule } from '../options.ts'
import { DYNAMIC } from './book.ts'
import { Cron } from './cron.ts'
import { type CronEntries, type CronEntry, define } from './entry.ts'
import { Periodic } from './periodic.ts'

export interface CronListOptions {
  /**
   * Whose list it is. Programs that share a namespace, and modules that each call `app.cron`, need one each: what is
   * missing on a list is removed, if it was on it before. Default 'app'.
   */
  readonly source?: string
}

const OPTIONS: Rules = {
  source: rule(`${queueName.expected}, other than '${DYNAMIC}'`, (value) => queueName.test(value) && value !== DYNAMIC),
}

/** What `app.cron` does. */
export function openCron<All extends Record<string, unknown[]>>(
  context: Context,
  entries: CronEntries<All> | undefined,
  options: CronListOptions,
): Cron {
  checkOptions('app.cron()', options, OPTIONS)
  const now = context.clock.now()
  const definitions = entries && definitionsOf(entries, now)
  context.periodic ??= new Periodic(context)
  if (definitions) context.periodic.list(options.source ?? 'app', definitions)
  return new Cron(context, context.periodic)
}

function definitionsOf(entries: object, now: number): ReturnType<typeof define>[] {
  check('app.cron(): the entries', entries, rule('an object of entries by name', isRecord))
  return Object.entries(entries).map(([name, entry]) => define(name, entry as CronEntry, now))
}
