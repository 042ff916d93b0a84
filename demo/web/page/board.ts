import type { Quayside, StoredJob } from 'quayside'
import type { Postcard } from './app.ts'

/** A postcard on its way, as the page shows it. */
export interface Card {
  readonly jid: string
  readonly to: string
  readonly text: string
  readonly state: 'running' | 'waiting' | 'offline' | 'scheduled' | 'retrying' | 'dead'
  /** What more there is to say of its state. */
  readonly note: string
  readonly progress?: { readonly done: number; readonly total: number }
}

/** Rows of each place. */
const SHOWN = 12

/** The postcards on their way: what is performed first, then what comes next, what is put off, and the dead. */
export async function readBoard(app: Quayside): Promise<Card[]> {
  const page = { limit: SHOWN }
  const [workers, waiting, scheduled, retries, dead] = await Promise.all([
    app.workers(),
    app.queue('default').page(page),
    app.scheduled.page(page),
    app.retries.page(page),
    app.dead.page({ ...page, reverse: true }),
  ])
  const running = workers.flatMap(({ worker, running }) =>
    running.map(({ text, progress }): Card => {
      const { jid, args } = JSON.parse(text)
      const note = `written by ${nameOf(worker)}`
      return { ...addressed(jid, args), state: 'running', note, progress: { total: 1, done: 0, ...progress } }
    }),
  )
  return [
    ...running,
    ...waiting.jobs.map((job) => stored(job, 'waiting', 'waits for its turn')),
    ...scheduled.jobs.map((job) =>
      job.payload?.waiting_for ? stored(job, 'offline', 'waits for the network') : stored(job, 'scheduled', due(job)),
    ),
    ...retries.jobs.map((job) => stored(job, 'retrying', `${why(job)} Again ${due(job)}.`)),
    ...dead.jobs.map((job) => stored(job, 'dead', `${why(job)} No attempt is left.`)),
  ]
}

/** A worker's id is its tab's name and a nonce. */
export const nameOf = (worker: string): string => worker.replace(/:.*/, '')

function stored(job: StoredJob, state: Card['state'], note: string): Card {
  return { ...addressed(job.jid, job.args), state, note }
}

function addressed(jid: string, args: readonly unknown[]): Pick<Card, 'jid' | 'to' | 'text'> {
  const [{ to, text }] = args as [Postcard]
  return { jid, to, text }
}

const why = (job: StoredJob): string => job.error?.message ?? ''
const due = (job: StoredJob): string => `at ${job.at?.toLocaleTimeString()}`
