import type { StoredJob } from '../../inspect/stored-job.ts'
import type { Quayside } from '../../quayside.ts'
import type { Finding, QueueState, WorkerState } from '../../storage.ts'
import { age } from '../output/age.ts'

/** A next job that has waited for longer is late. */
const LATE_MS = 5 * 60_000

/** Jobs of a place whose names are looked at: enough to find what is missing, however many wait. */
const SAMPLE = 500

/** What the jobs, queues and workers of an app tell: what waits for nobody, and what nobody can perform. */
export async function lookAround(app: Quayside): Promise<Finding[]> {
  const [queues, workers] = await Promise.all([app.queues(), app.workers()])
  return [workersFinding(workers), ...queueFindings(queues, workers), ...(await unknownFindings(app, queues))]
}

export function workersFinding(workers: readonly WorkerState[]): Finding {
  const about = 'workers'
  const claiming = workers.filter(({ quiet }) => !quiet)
  const slots = claiming.reduce((sum, { concurrency }) => sum + concurrency, 0)
  if (claiming.length > 0) return { about, verdict: 'good', text: `${claiming.length} claim jobs, ${slots} at a time` }
  const text = workers.length > 0 ? `all ${workers.length} are quiet: nobody claims jobs` : 'none: nobody performs jobs'
  return { about, verdict: 'warning', text, remedy: 'quayside work -r FILE' }
}

export function queueFindings(queues: readonly QueueState[], workers: readonly WorkerState[]): Finding[] {
  const served = new Set(workers.filter(({ quiet }) => !quiet).flatMap((worker) => worker.queues))
  return queues.filter(({ size }) => size > 0).flatMap((queue) => queueFinding(queue, served) ?? [])
}

function queueFinding({ name, size, latencyMs, paused }: QueueState, served: ReadonlySet<string>): Finding | undefined {
  const about = `queue ${name}`
  const waiting = `${size} ${size === 1 ? 'job waits' : 'jobs wait'}, the next for ${age(latencyMs)}`
  if (paused) return { about, verdict: 'warning', text: `paused; ${waiting}`, remedy: `quayside resume ${name}` }
  if (!served.has(name)) {
    return { about, verdict: 'bad', text: `nobody listens; ${waiting}`, remedy: `quayside work -q ${name}` }
  }
  if (latencyMs < LATE_MS) return undefined
  return { about, verdict: 'warning', text: `late; ${waiting}`, remedy: 'more workers, or a higher -c' }
}

/** Only an app that was given by its file knows its jobs, and those of another language are not among them. */
async function unknownFindings(app: Quayside, queues: readonly QueueState[]): Promise<Finding[]> {
  const about = 'jobs'
  if (app.jobs.size === 0) {
    return [{ about, verdict: 'good', text: 'not compared with what is defined: that needs -r FILE' }]
  }
  const unknown = new Map<string, string>()
  for (const [place, jobs] of await samples(app, queues)) {
    for (const job of jobs) if (!app.jobs.has(job.class)) unknown.set(job.class, place)
  }
  if (unknown.size === 0) return [{ about, verdict: 'good', text: `all that wait are defined (of ${app.jobs.size})` }]
  return [...unknown].map(([name, place]) => ({
    about,
    verdict: 'warning',
    text: `${name || '(bytes that are no job)'} waits in ${place}, and this app does not define it`,
    remedy: `define it, or let another app serve its queue`,
  }))
}

async function samples(app: Quayside, queues: readonly QueueState[]): Promise<[string, readonly StoredJob[]][]> {
  const page = { limit: SAMPLE }
  const places = [
    ...queues.filter(({ size }) => size > 0).map(({ name }) => [name, app.queue(name)] as const),
    ['retries', app.retries] as const,
    ['scheduled', app.scheduled] as const,
  ]
  return Promise.all(places.map(async ([name, place]) => [name, (await place.page(page)).jobs]))
}
