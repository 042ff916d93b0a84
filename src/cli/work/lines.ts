import type { WorkerAbout } from '../../storage.ts'
import type { RunningNow, WorkerHealth } from '../../worker/worker.ts'
import type { Note } from '../config/file-layers.ts'
import { showQueues } from '../config/queues.ts'

export interface Start {
  readonly version: string
  readonly pid: number
  readonly environment: string
  readonly place: string | undefined
  readonly about: WorkerAbout
  /** How long a stop lets jobs finish, as people say it. */
  readonly timeout: string
  /** The port of the health endpoint. */
  readonly health: number | undefined
}

/** What a worker says when it starts. */
export function startLines({ version, pid, environment, place, about, timeout, health }: Start): string[] {
  const pools = Object.entries(about.capsules).map(([name, { weights, order, concurrency }], _, all) => {
    const label = all.length > 1 ? `capsule ${name}` : 'queues'
    return `  ${label}: ${showQueues(weights, order)}; ${concurrency} at a time`
  })
  return [
    `quayside ${version} works, pid ${pid}, ${environment}${about.tag ? `, ${about.tag}` : ''}`,
    `  storage: ${place ?? 'not told'}`,
    ...pools,
    ...(health === undefined ? [] : [`  health: http://localhost:${health}/`]),
    `Ctrl-C or TERM stops it (running jobs have ${timeout}), TSTP only claims no more, TTIN shows what runs`,
  ]
}

export const MEMORY_LINE =
  'No Redis is configured (REDIS_URL), so jobs are kept in memory: no other process sees them, and they end with this one.'

/** What the file says for nothing. */
export function unusedLine(file: string | undefined, notes: readonly Note[]): string {
  const names = [...new Set(notes.map(({ key }) => key))].join(', ')
  return `${file}: no use here for ${names}; quayside work --print-config says why`
}

/** What a worker says when it begins to stop. */
export function stoppingLine(running: number, timeout: string): string {
  return running === 0
    ? 'stopping'
    : `stopping: ${jobs(running)} running, with ${timeout} to finish; once more ends it now`
}

/** What a worker says last. */
export function stoppedLine(unfinished: number): string {
  return unfinished === 0 ? 'stopped' : `stopped; ${jobs(unfinished)} given back unfinished, to run again`
}

/** What TTIN shows. JavaScript keeps no stack of a function that awaits, so there is none to show. */
export function dumpLines(runs: readonly RunningNow[], health: WorkerHealth, resources: readonly string[]): string[] {
  const lines = runs.map(({ job, jid, queue, attempt, runningMs, progress }) => {
    const far = progress
      ? `, at ${[progress.done, progress.total].filter((part) => part !== undefined).join(' of ')}`
      : ''
    const note = progress?.note ? ` (${progress.note})` : ''
    return `  ${job} ${jid} from ${queue}, attempt ${attempt}, for ${(runningMs / 1000).toFixed(1)} s${far}${note}`
  })
  const { status, claiming } = health
  return [
    `${status}, ${claiming ? 'claiming' : 'not claiming'}, ${jobs(runs.length)} running`,
    ...lines,
    waitsFor(resources),
  ]
}

/** What keeps the event loop awake, by kind: sockets, timers, files. */
function waitsFor(resources: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const each of resources) counts.set(each, (counts.get(each) ?? 0) + 1)
  return `  the process waits for ${[...counts].map(([kind, count]) => `${count} ${kind}`).join(', ') || 'nothing'}`
}

const jobs = (count: number): string => (count === 1 ? '1 job' : `${count} jobs`)
