import { Counter, Gauge, type Registry } from 'prom-client'
import type { Quayside } from '../quayside.ts'
import type { QueueState, StorageStats, WorkerState } from '../storage.ts'

/** What the storage answers at a scrape. */
interface Look {
  readonly stats: StorageStats
  readonly queues: readonly QueueState[]
  readonly workers: readonly WorkerState[]
}

type Sample = readonly [labels: Record<string, string>, value: number]

interface Metric {
  readonly name: string
  readonly help: string
  readonly label?: string
  read(look: Look): readonly Sample[]
}

const alone = (value: number): Sample[] => [[{}, value]]

const GAUGES: readonly Metric[] = [
  {
    name: 'queue_size',
    help: 'Jobs that wait in a queue.',
    label: 'queue',
    read: ({ queues }) => queues.map(({ name, size }) => [{ queue: name }, size]),
  },
  {
    name: 'queue_latency_seconds',
    help: 'How long the next job of a queue has waited.',
    label: 'queue',
    read: ({ queues }) => queues.map(({ name, latencyMs }) => [{ queue: name }, latencyMs / 1_000]),
  },
  {
    name: 'queue_paused',
    help: '1 for a queue that is paused.',
    label: 'queue',
    read: ({ queues }) => queues.map(({ name, paused }) => [{ queue: name }, Number(paused)]),
  },
  {
    name: 'set_size',
    help: 'Jobs in the scheduled, the retry and the dead set.',
    label: 'set',
    read: ({ stats }) => (['scheduled', 'retry', 'dead'] as const).map((set) => [{ set }, stats[set]]),
  },
  {
    name: 'jobs_running',
    help: "Jobs in workers' keeping, in all processes.",
    read: ({ stats }) => alone(stats.running),
  },
  {
    name: 'workers',
    help: 'Workers that live, in all processes, by whether they are quiet.',
    label: 'quiet',
    read: ({ workers }) =>
      [false, true].map((quiet) => [{ quiet: String(quiet) }, workers.filter((each) => each.quiet === quiet).length]),
  },
  {
    name: 'worker_slots',
    help: 'How many jobs the workers that are not quiet perform at a time.',
    read: ({ workers }) => alone(workers.reduce((sum, { quiet, concurrency }) => sum + (quiet ? 0 : concurrency), 0)),
  },
]

const COUNTERS: readonly Metric[] = [
  {
    name: 'jobs_processed_total',
    help: 'Runs that ended, failed ones too, in all processes.',
    read: ({ stats }) => alone(stats.processed),
  },
  {
    name: 'jobs_failed_total',
    help: 'Runs that failed, in all processes.',
    read: ({ stats }) => alone(stats.failed),
  },
]

/**
 * Asks the storage at each scrape, once for all metrics. While it does not answer, `up` is 0 and the others are left
 * out: what was true before must not stand there as if it still were.
 */
export function measureStore(app: Quayside, means: { readonly register: Registry; readonly prefix: string }): void {
  const look = oncePerScrape(() => takeLook(app))
  const describe = ({ name, help, label }: Metric) => ({
    name: means.prefix + name,
    help,
    labelNames: label ? [label] : [],
    registers: [means.register],
  })
  for (const metric of GAUGES) {
    new Gauge({
      ...describe(metric),
      async collect() {
        const seen = await look()
        this.reset()
        if (!seen) return metric.label ? undefined : this.remove()
        for (const [labels, value] of metric.read(seen)) this.set(labels, value)
      },
    })
  }
  for (const metric of COUNTERS) {
    new Counter({
      ...describe(metric),
      async collect() {
        const seen = await look()
        this.reset()
        if (!seen) return this.remove()
        for (const [labels, value] of metric.read(seen)) this.inc(labels, value)
      },
    })
  }
  const up: Metric = { name: 'up', help: '1 when the storage answered this scrape.', read: () => [] }
  new Gauge({
    ...describe(up),
    async collect() {
      this.set((await look()) ? 1 : 0)
    },
  })
}

async function takeLook(app: Quayside): Promise<Look> {
  const [stats, queues, workers] = await Promise.all([app.stats({ days: 0 }), app.queues(), app.workers()])
  return { stats, queues, workers }
}

/** All metrics of a scrape are asked in one turn: they share an answer. Undefined when there was none. */
function oncePerScrape<T>(ask: () => Promise<T>): () => Promise<T | undefined> {
  let asked: Promise<T | undefined> | undefined
  return () => {
    asked ??= ask()
      .catch(() => undefined)
      .finally(() => {
        asked = undefined
      })
    return asked
  }
}
