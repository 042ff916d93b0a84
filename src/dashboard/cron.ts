import type { Quayside } from '../quayside.ts'

/** What the page of periodic jobs needs of `app.cron()`. */
export interface Cron {
  list(): Promise<readonly PeriodicJob[]>
  pause(name: string): Promise<boolean>
  resume(name: string): Promise<boolean>
  /** Enqueues it now; its schedule stays. */
  run(name: string): Promise<boolean>
}

export interface PeriodicJob {
  readonly name: string
  /** '0 3 * * *' */
  readonly schedule: string
  readonly zone?: string
  /** The job's name. */
  readonly job: string
  readonly lastAt?: number | undefined
  readonly nextAt?: number | undefined
  readonly isPaused: boolean
}

/** The app's periodic jobs, where it can have any. */
export async function cronOf(app: Quayside): Promise<Cron | undefined> {
  const { cron } = app as { cron?: () => Promise<Cron> }
  return typeof cron === 'function' ? cron.call(app) : undefined
}
