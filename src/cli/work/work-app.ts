import { hostname } from 'node:os'
import type { App } from '../../app.ts'
import type { Quayside } from '../../quayside.ts'
import type { WorkOptions } from '../../worker/work-options.ts'
import type { Worker } from '../../worker/worker.ts'
import { contextIfOurs } from '../app/context-if-ours.ts'
import type { Settings } from '../config/settings.ts'
import { Failure } from '../failure.ts'

/** Starts a worker as the settings say. Periodic jobs are told first, so that its first look finds them. */
export function workApp(app: Quayside, settings: Partial<Settings>): Worker {
  if (settings.cron) handOverCron(app, settings.cron)
  return app.work(workOptions(settings))
}

/** What `app.work()` is called with. The name is Sidekiq's: the host and the process. */
function workOptions(settings: Partial<Settings>): WorkOptions {
  const { queues, order, concurrency, capsules, timeout, tag, labels } = settings
  const given = Object.entries({ queues, order, concurrency, capsules, timeout, tag, labels })
  return {
    ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
    name: `${hostname()}:${process.pid}`,
  }
}

/** With the job itself where this app defines it, so that its own options hold; else by name, for another process. */
function handOverCron(app: App & { cron?: unknown }, entries: NonNullable<Settings['cron']>): void {
  if (typeof app.cron !== 'function') {
    throw new Failure('the configuration has periodic jobs (cron), and the app of the job file does not know any')
  }
  const handed = Object.entries(entries).map(([name, { job: named, ...entry }]) => {
    const job = jobNamed(named, app)
    return [name, { ...entry, ...(job ? { job } : { class: named }) }] as const
  })
  app.cron(Object.fromEntries(handed))
}

function jobNamed(name: string, app: App): unknown {
  return contextIfOurs(app)?.jobs.get(name)
}
