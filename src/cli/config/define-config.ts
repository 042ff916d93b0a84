import type { Duration } from '../../duration.ts'

/** What a configuration file can say, for all environments or for one. */
export interface ConfigSection {
  /** The file that exports the app, from the folder of this file. `-r` */
  readonly require?: string
  /** In this order; or `{ critical: 3, default: 1 }`, by weight. Default: those of all jobs. `-q` */
  readonly queues?: readonly (string | readonly [name: string, weight: number])[] | Readonly<Record<string, number>>
  readonly order?: 'strict' | 'weighted' | 'random'
  /** Jobs performed at a time. Default 10. `-c` */
  readonly concurrency?: number
  /** Further pools of queues, each with its own concurrency. */
  readonly capsules?: Readonly<Record<string, ConfigCapsule>>
  /** How long a stop lets jobs finish; a number is seconds. Default `'25s'`. `-t` */
  readonly timeout?: Duration | number
  /** Shown beside the worker's name. `-g` */
  readonly tag?: string
  readonly labels?: readonly string[]
  readonly verbose?: boolean
  /** The port of the health endpoint. Default: none. `--health` */
  readonly health?: number
  /** For `configuredStorage()`, and for commands that only look. A text is the url. */
  readonly redis?: string | ConfigRedis
  /** Of an app without a job file, for commands that only look. */
  readonly namespace?: string
  /** Periodic jobs by name. */
  readonly cron?: Readonly<Record<string, ConfigCron>>
}

export interface Config extends ConfigSection {
  /** Which section of `environments` holds, where neither `-e` nor a variable says. Default 'development'. */
  readonly environment?: string
  /** What is different in one environment. */
  readonly environments?: Readonly<Record<string, ConfigSection>>
}

export interface ConfigCapsule {
  readonly queues: NonNullable<ConfigSection['queues']>
  /** Default 10. */
  readonly concurrency?: number
}

export interface ConfigRedis {
  readonly url?: string
  readonly prefix?: string
  /** How long a call may take; a number is seconds. Default `'5s'`. */
  readonly networkTimeout?: Duration | number
}

export interface ConfigCron {
  readonly cron: string
  /** The name of a job. */
  readonly job: string
  readonly args?: readonly unknown[]
  readonly queue?: string
  readonly timezone?: string
  readonly missed?: 'once' | 'all' | 'skip'
  readonly overlap?: 'allow' | 'skip'
  readonly description?: string
  readonly enabled?: boolean
}

/** Gives a configuration its types: `export default defineConfig({ ... })` in quayside.config.ts. */
export function defineConfig(config: Config): Config {
  return config
}
