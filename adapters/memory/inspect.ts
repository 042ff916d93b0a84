import { instantMs, parsePayload } from '../../src/payload.ts'
import type { QueueState, RunningJob, StorageStats, WorkerState } from '../../src/storage.ts'
import { isAlive } from './presence.ts'
import type { KnownWorker, Report, Store } from './store.ts'

export function queues(store: Store, now: number): QueueState[] {
  const names = new Set([...store.queues.keys(), ...store.paused])
  return [...names].sort().map((name) => {
    const jobs = store.queues.get(name)
    return { name, size: jobs?.size ?? 0, latencyMs: latency(jobs?.first?.text, now), paused: store.paused.has(name) }
  })
}

export function workers(store: Store, now: number): WorkerState[] {
  return [...store.workers.values()]
    .flatMap((worker) => (isAlive(worker, now) && worker.report ? [stateOf(worker, worker.report)] : []))
    .sort((a, b) => (a.worker < b.worker ? -1 : 1))
}

function stateOf(known: KnownWorker, { worker, about, beatAt, quiet }: Report): WorkerState {
  return { ...about, worker, beatAt, quiet, running: running(known) }
}

export function stats(store: Store, days: number, now: number): StorageStats {
  return {
    ...store.tally.all,
    enqueued: sum([...store.queues.values()], ({ size }) => size),
    scheduled: store.scheduled.size,
    retry: store.retry.size,
    dead: store.dead.size,
    workers: workers(store, now).length,
    running: sum([...store.workers.values()], ({ claims }) => claims.size),
    days: store.tally.last(days, now),
  }
}

/** What has begun, by the claims themselves: the last beat may be older, but it alone knows of progress. */
function running({ claims, report }: KnownWorker): RunningJob[] {
  const told = new Map(report?.running.map((run) => [run.token, run]))
  return [...claims.values()]
    .filter(({ begun }) => begun)
    .map(({ token, job: { queue, text }, startedAt }) => {
      const { startedAt: toldAt = startedAt, progress } = told.get(token) ?? {}
      return { queue, text, startedAt: toldAt, ...(progress ? { progress } : {}) }
    })
}

const sum = <T>(items: readonly T[], amount: (item: T) => number): number =>
  items.reduce((total, item) => total + amount(item), 0)

/** Milliseconds since the job was enqueued; 0 when there is none, or its bytes do not tell. */
function latency(text: string | undefined, now: number): number {
  if (text === undefined) return 0
  try {
    return Math.max(0, now - (instantMs(parsePayload(text).enqueued_at) ?? now))
  } catch {
    return 0
  }
}
