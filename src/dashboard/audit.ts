import type { Context } from '../context.ts'
import { report } from '../report.ts'
import type { Done } from './route.ts'
import type { Visit } from './visit.ts'

/** An action that somebody did in the dashboard. */
export interface AuditEvent {
  /** 'retried', 'deleted', ... */
  readonly action: string
  /** As `authorize` named them. */
  readonly user: string | undefined
  readonly atMs: number
  /** How many jobs, workers or queues. */
  readonly count: number
  /** What it was done to: place, jids, filters, a queue's or worker's name. */
  readonly about: Readonly<Record<string, unknown>>
}

export type Audit = (event: AuditEvent) => unknown

/** Logs an action and tells the app's own audit, whose errors harm nobody. */
export async function tellAudit(context: Context, { settings, visitor }: Visit, done: Done): Promise<void> {
  const action = done.done.slice('done_'.length)
  const event = { action, user: visitor.user, atMs: context.clock.now(), count: done.count, about: done.about }
  context.logger.info(event, `dashboard: ${action}`)
  try {
    await settings.audit?.(event)
  } catch (error) {
    report(context, error, 'the audit of the dashboard threw')
  }
}
