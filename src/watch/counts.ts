import type { QueueState, StorageStats } from '../storage.ts'

/** What `app.watch({ queue }, ...)` tells. How long its next job has waited is left out: that changes by itself. */
export type WatchedQueue = Omit<QueueState, 'latencyMs'>

/** What `app.watch(...)` tells: sizes of sets and queues, workers that live, what they keep, and totals. */
export interface Counts extends Omit<StorageStats, 'days'> {
  /** By name. */
  readonly queues: readonly WatchedQueue[]
}

/** Of a queue that nobody knows: it is empty. */
export function queueNamed(name: string, queues: readonly QueueState[]): WatchedQueue {
  const known = queues.find((queue) => queue.name === name)
  return known ? watched(known) : { name, size: 0, paused: false }
}

export function countsOf({ days: _, ...stats }: StorageStats, queues: readonly QueueState[]): Counts {
  return { ...stats, queues: queues.map(watched) }
}

const watched = ({ latencyMs: _, ...queue }: QueueState): WatchedQueue => queue
