import { instantMs, parsePayload } from '../../src/payload.ts'
import type { QueueState, StorageStats, WorkerState } from '../../src/storage.ts'
import type { Link } from './link.ts'
import { type ProcessReply, workerOf } from './processes.ts'
import { NAMES, QUEUES, STATS, WORKERS } from './scripts/inspect.ts'

export async function queues(link: Link): Promise<QueueState[]> {
  const [now, ...found] = (await link.run(QUEUES, [])) as [string, ...[string, number, string, string][]]
  return found
    .map(([name, size, paused, text]) => ({
      name,
      size,
      latencyMs: size > 0 ? latencyMs(text, Number(now)) : 0,
      paused: paused === '1',
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
}

/** Those that hold jobs or did. */
export const queueNames = async (link: Link): Promise<string[]> => (await link.run(NAMES, [])) as string[]

/** Ruby's processes too. */
export async function workers(link: Link): Promise<WorkerState[]> {
  const found = (await link.run(WORKERS, [])) as ProcessReply[]
  return found.flatMap((reply) => workerOf(reply) ?? []).sort((one, other) => (one.worker < other.worker ? -1 : 1))
}

export async function stats(link: Link, days: number): Promise<StorageStats> {
  const [sizes, totals, ...found] = (await link.run(STATS, [days])) as [number[], Counted, ...[string, ...Counted][]]
  const [enqueued = 0, scheduled = 0, retry = 0, dead = 0, workers = 0, running = 0] = sizes
  return {
    ...counted(totals),
    enqueued,
    scheduled,
    retry,
    dead,
    workers,
    running,
    days: found.map(([day, ...count]) => ({ day, ...counted(count) })),
  }
}

type Counted = [processed: string | null, failed: string | null]

const counted = ([processed, failed]: Counted) => ({ processed: Number(processed) || 0, failed: Number(failed) || 0 })

/** Milliseconds since the job was enqueued; 0 when its bytes do not tell. */
function latencyMs(text: string, now: number): number {
  try {
    return Math.max(0, now - (instantMs(parsePayload(text).enqueued_at) ?? now))
  } catch {
    return 0
  }
}
