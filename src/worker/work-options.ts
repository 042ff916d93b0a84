import type { Context } from '../context.ts'
import { aDuration, type Duration, toMs } from '../duration.ts'
import { OptionError } from '../errors.ts'
import type { Job } from '../job.ts'
import {
  aString,
  check,
  checkOptions,
  describe,
  isArrayOf,
  isRecord,
  oneOf,
  queueName,
  type Rules,
  rule,
  strings,
  wholeNumber,
} from '../options.ts'
import type { QueueOrder } from './queue-order.ts'

/** A pool of a worker: which queues, and how many jobs at a time. */
export interface CapsuleOptions {
  /** A list, looked at in this order; or `{ critical: 3, default: 1 }`, names with weights. */
  readonly queues?: readonly string[] | Readonly<Record<string, number>>
  /** Jobs performed at a time. Default 10. */
  readonly concurrency?: number
  /** 'strict' is the default for a list, 'weighted' for weights; 'random' treats all queues alike. */
  readonly order?: QueueOrder
}

/**
 * How a worker works. Without `queues` it serves 'default' and the queues of all jobs defined so far, at random:
 * nothing that this process enqueues is forgotten.
 */
export interface WorkOptions extends CapsuleOptions {
  /** Further pools by name, or the only ones when no queues stand beside them. */
  readonly capsules?: Readonly<Record<string, CapsuleOptions>>
  /** The first part of the worker's id, such as `host:pid`. Default 'worker'. */
  readonly name?: string
  /** Shown beside the worker's name. */
  readonly tag?: string
  readonly labels?: readonly string[]
  /** How long `stop()` lets jobs finish before it aborts them. Default '25s'. */
  readonly timeout?: Duration
  /** How often the worker tells the storage that it lives. Default '4s'. */
  readonly heartbeat?: Duration
  /** How long after its last word it counts as gone. At least twice the heartbeat. Default '12s'. */
  readonly lease?: Duration
}

export interface CapsulePlan {
  readonly name: string
  readonly weights: ReadonlyMap<string, number>
  readonly concurrency: number
  readonly order: QueueOrder
}

export interface WorkPlan {
  readonly capsules: readonly CapsulePlan[]
  readonly name: string
  readonly tag: string
  readonly labels: readonly string[]
  readonly timeoutMs: number
  readonly heartbeatMs: number
  readonly leaseMs: number
}

const CAPSULE_OPTIONS: Rules = {
  queues: rule('a list of queue names, or names with weights such as { critical: 3, default: 1 }', isQueues),
  concurrency: wholeNumber(1, 10_000),
  order: oneOf('strict', 'weighted', 'random'),
}

const WORK_OPTIONS: Rules = {
  ...CAPSULE_OPTIONS,
  capsules: rule('an object of capsules by name', isRecord),
  name: rule('a name without spaces, < and >', (value) => typeof value === 'string' && /^[^\s<>"']+$/.test(value)),
  tag: rule('a string', (value) => typeof value === 'string'),
  labels: strings,
  timeout: aDuration,
  heartbeat: aDuration,
  lease: aDuration,
}

function isQueues(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && isArrayOf(value, queueName.test)
  const weights = isRecord(value) ? Object.entries(value) : []
  return (
    weights.length > 0 && weights.every(([name, weight]) => queueName.test(name) && wholeNumber(1, 1_000).test(weight))
  )
}

/** Checks the options of `app.work` and makes them whole. Throws OptionError. */
export function planWork(options: WorkOptions, { jobs }: Context): WorkPlan {
  checkOptions('app.work()', options, WORK_OPTIONS)
  const heartbeatMs = toMs(options.heartbeat ?? '4s', 'app.work(): heartbeat')
  const leaseMs = toMs(options.lease ?? '12s', 'app.work(): lease')
  if (heartbeatMs <= 0 || leaseMs < 2 * heartbeatMs) {
    throw new OptionError(
      `app.work(): lease must be at least twice the heartbeat; got ${describe(options.lease ?? '12s')}.`,
    )
  }
  return {
    capsules: planCapsules(options, defaultQueues(jobs.values())),
    name: options.name ?? 'worker',
    tag: options.tag ?? '',
    labels: options.labels ?? [],
    timeoutMs: toMs(options.timeout ?? '25s', 'app.work(): timeout'),
    heartbeatMs,
    leaseMs,
  }
}

function defaultQueues(jobs: Iterable<Job<never>>): CapsuleOptions {
  const named = [...jobs].flatMap(({ queue, spec }) => [queue, spec.retryQueue ?? queue])
  return { queues: [...new Set(['default', ...named])], order: 'random' }
}

function planCapsules(options: WorkOptions, fallback: CapsuleOptions): CapsulePlan[] {
  const named = Object.entries(options.capsules ?? {})
  for (const [name, capsule] of named) {
    check('app.work(): the name of a capsule', name, aString)
    checkOptions(`app.work(): capsules.${name}`, capsule, CAPSULE_OPTIONS)
    if (!capsule.queues)
      throw new OptionError(`app.work(): capsules.${name}.queues is missing: which queues does it serve?`)
  }
  if (named.length > 0 && !options.queues) return named.map(([name, capsule]) => planCapsule(name, capsule))
  const { queues, order, concurrency } = options
  const main = queues ? { queues, order, concurrency } : { ...fallback, concurrency }
  return [planCapsule('default', main), ...named.map(([name, capsule]) => planCapsule(name, capsule))]
}

function planCapsule(name: string, { queues = [], order, concurrency = 10 }: CapsuleOptions): CapsulePlan {
  const isList = Array.isArray(queues)
  const weights = new Map(isList ? queues.map((queue) => [queue, 1]) : Object.entries(queues))
  return { name, weights, concurrency, order: order ?? (isList ? 'strict' : 'weighted') }
}
