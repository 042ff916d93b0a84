import type { Settings } from './settings.ts'

/** What a file can say, and the setting that it makes. */
export const KEYS: Readonly<Record<string, keyof Settings>> = {
  require: 'require',
  environment: 'environment',
  queues: 'queues',
  order: 'order',
  concurrency: 'concurrency',
  capsules: 'capsules',
  timeout: 'timeout',
  tag: 'tag',
  labels: 'labels',
  verbose: 'verbose',
  health: 'health',
  namespace: 'namespace',
  cron: 'cron',
}

/** What its section `redis` can say. */
export const REDIS_KEYS: Readonly<Record<string, keyof Settings>> = {
  url: 'redisUrl',
  prefix: 'redisPrefix',
  networkTimeout: 'redisTimeout',
}

/** What Sidekiq's file says that has no use here, and why. */
export const UNUSED: Readonly<Record<string, string>> = {
  strict: 'a list of queues without weights is strict',
  maxRetries: 'say new Quayside({ defaults: { retry } })',
  deadMaxJobs: 'say new Quayside({ deadSet: { max } })',
  deadTimeoutInSeconds: 'say new Quayside({ deadSet: { for } })',
  averageScheduledPollInterval: 'jobs that are due start at once: nothing polls for them',
  pollIntervalAverage: 'jobs that are due start at once: nothing polls for them',
  schedule: "sidekiq-scheduler's periodic jobs are not run: move them to the section cron",
  scheduler: "sidekiq-scheduler's options are not read",
  logfile: 'output goes to standard output; let the supervisor keep it',
  pidfile: 'let systemd or the container keep the process',
  daemon: 'let systemd or the container keep the process',
  index: 'processes need no number',
}

export const UNUSED_REDIS: Readonly<Record<string, string>> = {
  size: 'a worker has three connections at most, whatever its concurrency',
  poolTimeout: 'there is no pool to wait for',
  driver: 'there is one driver, ioredis',
  name: 'connections are named by the worker',
}

/** Names of environments that everybody knows; others may be the name of a section too. */
export const ENVIRONMENTS: readonly string[] = ['development', 'test', 'staging', 'production']

/** `:network_timeout`, as Ruby writes it, is networkTimeout. */
export function plainKey(key: string): string {
  return key.replace(/^:/, '').replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
