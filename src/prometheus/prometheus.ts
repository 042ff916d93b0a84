import { Registry } from 'prom-client'
import { aString, checkOptions, isRecord, type Rules, rule } from '../options.ts'
import type { Quayside } from '../quayside.ts'
import { countRuns } from './runs.ts'
import { measureStore } from './store.ts'

export interface PrometheusOptions {
  /** A registry of prom-client to add to: its own `register`, say, for one endpoint of all. Default: a new one. */
  readonly register?: Registry
  /** Before the names of all metrics. Default 'quayside_'. */
  readonly prefix?: string
  /** Bounds of the histogram of durations, in seconds. Default: 5 ms to 5 minutes. */
  readonly buckets?: readonly number[]
}

/** Metrics of an app, for Prometheus. */
export interface Prometheus {
  readonly register: Registry
  /** Answers a scrape: mount it at `/metrics`. */
  handle(): Promise<Response>
  /** Stops counting runs. The metrics stay in the registry. */
  stop(): void
}

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]

const OPTIONS: Rules = {
  register: rule('a Registry of prom-client', (value) => isRecord(value) && typeof value.metrics === 'function'),
  prefix: aString,
  buckets: rule(
    'an array of rising numbers',
    (value) =>
      Array.isArray(value) && value.length > 0 && value.every((bound, at) => at === 0 || bound > value[at - 1]),
  ),
}

/**
 * Counts the runs of this process, and asks the storage for sizes, latencies and workers at each scrape. Throws
 * OptionError for a wrong option, and where the registry has metrics of these names already.
 */
export function prometheus(app: Quayside, options: PrometheusOptions = {}): Prometheus {
  checkOptions('prometheus()', options, OPTIONS)
  const { register = new Registry(), prefix = 'quayside_', buckets = BUCKETS } = options
  const means = { register, prefix }
  measureStore(app, means)
  const stop = countRuns(app, { ...means, buckets })
  return {
    register,
    stop,
    async handle() {
      const headers = { 'content-type': register.contentType, 'cache-control': 'no-store' }
      return new Response(await register.metrics(), { headers })
    },
  }
}
