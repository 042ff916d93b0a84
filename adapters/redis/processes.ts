import type { RunningJob, WorkerAbout, WorkerState } from '../../src/storage.ts'

/** What is stored of a process: its id, its hash, its work, and for one of ours `about` and `progress`. */
export type ProcessReply = [
  id: string,
  hash: string[],
  work: string[],
  ours: [about: string | null, progress: string | null] | [],
]

/** A process as workers() shows it: ours as it told, Ruby's from its hash. Undefined for one that has never beaten. */
export function workerOf([worker, hash, work, [about, progress]]: ProcessReply): WorkerState | undefined {
  const fields = new Map(pairs(hash))
  const info = objectOf(fields.get('info'))
  if (!info && !about) return undefined
  return {
    ...((objectOf(about) as WorkerAbout | undefined) ?? rubysAbout(info ?? {}, numberOf(fields.get('concurrency')))),
    worker,
    beatAt: Math.round(numberOf(fields.get('beat')) * 1000),
    quiet: fields.get('quiet') === 'true',
    running: runningOf(pairs(work), objectOf(progress) ?? {}),
  }
}

/** In Ruby's fields may be anything, or nothing: each version writes its own, and other programs write as well. */
function rubysAbout(info: Record<string, unknown>, concurrency: number): WorkerAbout {
  const total = numberOf(info.concurrency) || concurrency
  return {
    startedAt: Math.round(numberOf(info.started_at) * 1000),
    queues: stringsOf(info.queues),
    concurrency: total,
    tag: typeof info.tag === 'string' ? info.tag : '',
    labels: stringsOf(info.labels),
    capsules: capsulesOf(info, total),
  }
}

/** From Sidekiq 8.0.9 on there are capsules; before, there were only weights, a list of them from 7.0.2 on. */
function capsulesOf(info: Record<string, unknown>, total: number): WorkerAbout['capsules'] {
  const capsules = objectOf(info.capsules)
  if (!capsules) {
    const weights = weightsOf(Array.isArray(info.weights) ? info.weights[0] : info.weights)
    return { default: { concurrency: total, order: orderOf(weights), weights } }
  }
  return Object.fromEntries(
    Object.entries(capsules).map(([name, capsule]) => {
      const { concurrency, mode, weights: given } = objectOf(capsule) ?? {}
      const weights = weightsOf(given)
      const order = typeof mode === 'string' ? mode : orderOf(weights)
      return [name, { concurrency: numberOf(concurrency), order, weights }]
    }),
  )
}

function weightsOf(value: unknown): Record<string, number> {
  return Object.fromEntries(Object.entries(objectOf(value) ?? {}).map(([queue, weight]) => [queue, numberOf(weight)]))
}

/** Weights of 0 are Sidekiq's way to say that the order is strict. */
const orderOf = (weights: Record<string, number>): string =>
  Object.values(weights).some((weight) => weight > 0) ? 'weighted' : 'strict'

/** Tokens are numbers, and rise as jobs are claimed; Ruby's threads are in no order. */
function runningOf(work: [string, string][], progress: Record<string, unknown>): RunningJob[] {
  return work
    .sort(([one], [other]) => Number(one) - Number(other))
    .flatMap(([token, text]) => {
      const { queue, payload, run_at, started_at } = objectOf(text) ?? {}
      if (typeof payload !== 'string') return []
      const startedAt = typeof started_at === 'number' ? started_at : numberOf(run_at) * 1000
      const told = objectOf(progress[token]) as RunningJob['progress']
      return [{ queue: String(queue), text: payload, startedAt, ...(told ? { progress: told } : {}) }]
    })
}

function* pairsOf(flat: readonly string[]): Generator<[string, string]> {
  for (let at = 0; at + 1 < flat.length; at += 2) yield [flat[at] as string, flat[at + 1] as string]
}

const pairs = (flat: readonly string[]): [string, string][] => [...pairsOf(flat)]

/** An object, or the one that a text is the JSON of. */
function objectOf(value: unknown): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = typeof value === 'string' ? JSON.parse(value) : value
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : undefined
  } catch {
    return undefined
  }
}

const numberOf = (value: unknown): number => Number(value) || 0

const stringsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
