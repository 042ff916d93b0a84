import { silentLogger } from '../../logger.ts'
import type { Quayside } from '../../quayside.ts'
import { contextIfOurs } from '../app/context-if-ours.ts'

/** Prints what becomes of each job. */
export function tellOfJobs(app: Quayside, say: (line: string) => void): void {
  const ms = (durationMs: number) => `${Math.round(durationMs)} ms`
  app.on('job:started', ({ job, jid, queue, attempt }) => say(`${job} ${jid} from ${queue}: attempt ${attempt}`))
  app.on('job:completed', ({ job, jid, durationMs }) => say(`${job} ${jid}: done in ${ms(durationMs)}`))
  app.on('job:failed', ({ job, jid, durationMs, error }) => {
    say(`${job} ${jid}: failed after ${ms(durationMs)}: ${error.name}: ${error.message}`)
  })
}

/** Prints when the storage goes away and comes back, where the app's own logger does not. */
export function tellOfStorage(app: Quayside, say: (line: string) => void): void {
  if (contextIfOurs(app)?.logger !== silentLogger) return
  app.on('storage:unavailable', ({ error }) =>
    say(`the storage does not answer; the worker keeps trying: ${error.message}`),
  )
  app.on('storage:available', ({ downMs }) =>
    say(`the storage answers again, after ${Math.round(downMs / 100) / 10} s`),
  )
}
