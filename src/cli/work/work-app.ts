import { hostname } from 'node:os'
import type { App } from '../../app.ts'
import { contextOf } from '../../context.ts'
import type { Quayside } from '../../quayside.ts'
import type { WorkOptions } from '../../worker/work-options.ts'
import type { Worker } from '../../worker/worker.ts'
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
  try {
    return contextOf(app).jobs.get(name)
  } catch {
    return undefined // an app of another copy of this package keeps its jobs to itself
  }
}

/** Prints what becomes of each job. */
export function tellOfJobs(app: Quayside, say: (line: string) => void): void {
  const ms = (durationMs: number) => `${Math.round(durationMs)} ms`
  app.on('job:started', ({ job, jid, queue, attempt }) => say(`${job} ${jid} from ${queue}: attempt ${attempt}`))
  app.on('job:completed', ({ job, jid, durationMs }) => say(`${job} ${jid}: done in ${ms(durationMs)}`))
  app.on('job:failed', ({ job, jid, durationMs, error }) => {
    say(`${job} ${jid}: failed after ${ms(durationMs)}: ${error.name}: ${error.message}`)
  })
}
