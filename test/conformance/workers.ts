import type {
  Beat,
  BeatAnswer,
  ClaimedJob,
  Exchange,
  Exchanged,
  Settlement,
  Signal,
  Storage,
  WorkerAbout,
} from '../../src/storage.ts'
import { ConformanceError } from './assert.ts'
import { LEASE } from './time.ts'

export const ABOUT: WorkerAbout = {
  startedAt: 1767268800000,
  queues: ['default'],
  concurrency: 5,
  tag: 'conformance',
  labels: ['reliable'],
  capsules: { default: { concurrency: 5, order: 'strict', weights: { default: 1 } } },
}

const LANE = 'main'

export interface ClaimOptions {
  readonly queues?: readonly string[]
  readonly lane?: string
  readonly ahead?: number
  readonly begun?: readonly number[]
  readonly settlements?: readonly Settlement[]
}

type Exactly<N extends number, Jobs extends ClaimedJob[] = []> = Jobs['length'] extends N
  ? Jobs
  : Exactly<N, [...Jobs, ClaimedJob]>

/** A worker as the engine would be one: it numbers its requests, and knows what it holds. */
export class TestWorker {
  readonly id: string
  readonly storage: Storage
  readonly #leaseMs: number
  readonly #requests = new Map<string, number>()
  readonly #held = new Set<number>()
  #heard: readonly Signal[] = []

  constructor(storage: Storage, id: string, leaseMs: number = LEASE) {
    this.storage = storage
    this.id = id
    this.#leaseMs = leaseMs
  }

  async claim(limit: number, options: ClaimOptions = {}): Promise<readonly ClaimedJob[]> {
    return (await this.exchange({ ...options, limit })).jobs
  }

  /** Claims exactly so many. */
  async take<N extends number>(count: N, options: ClaimOptions = {}): Promise<Exactly<N>> {
    const jobs = await this.claim(count, options)
    if (jobs.length === count) return jobs as unknown as Exactly<N>
    throw new ConformanceError(`expected ${count} jobs for the worker ${this.id}, and got ${jobs.length}.`)
  }

  async takeOne(options: ClaimOptions = {}): Promise<ClaimedJob> {
    const [job] = await this.take(1, options)
    return job
  }

  settle(...settlements: Settlement[]): Promise<Exchanged> {
    return this.exchange({ settlements })
  }

  /** Sends the next request of a lane. */
  exchange(options: ClaimOptions & { readonly limit?: number }): Promise<Exchanged> {
    return this.send(this.next(options))
  }

  /** The next request of a lane, not sent yet. */
  next({ lane = LANE, ...options }: ClaimOptions & { readonly limit?: number }): Exchange {
    const request = (this.#requests.get(lane) ?? 0) + 1
    this.#requests.set(lane, request)
    const { id: worker } = this
    const rest = { queues: ['default'], limit: 0, ahead: 0, begun: [], settlements: [], ...options }
    return { worker, leaseMs: this.#leaseMs, lane, request, ...rest }
  }

  /** Sends a request, for the first time or again. */
  async send(exchange: Exchange): Promise<Exchanged> {
    const answer = await this.storage.exchange(exchange)
    for (const { token } of exchange.settlements) this.#held.delete(token)
    for (const { token } of answer.jobs) this.#held.add(token)
    return answer
  }

  async beat(differently: Partial<Beat> = {}): Promise<BeatAnswer> {
    const { id: worker } = this
    const answered = Object.fromEntries(this.#requests)
    const beat = { worker, leaseMs: this.#leaseMs, about: ABOUT, quiet: false, running: [], held: [...this.#held] }
    const answer = await this.storage.beat({ ...beat, heard: this.#heard, answered, ...differently })
    this.#heard = answer.signals
    return answer
  }

  /** What a beat answers, but for how long the worker is safe. */
  async hear(differently: Partial<Beat> = {}): Promise<Omit<BeatAnswer, 'safeMs'>> {
    const { signals, cancelled, lost } = await this.beat(differently)
    return { signals, cancelled, lost }
  }
}

// ─── what became of a job ────────────────────────────────────────────────────────────────────────────────────────────

type Details = Partial<Pick<Settlement, 'tally' | 'unlock'>>

export function done({ token }: ClaimedJob, details: Details = {}): Settlement {
  return { to: 'nowhere', token, tally: 'ok', ...details }
}

export function retried({ token, text }: ClaimedJob, delayMs: number, details: Details = {}): Settlement {
  return { to: 'retry', token, delayMs, text, tally: 'failed', ...details }
}

export function died({ token, text }: ClaimedJob, details: Details = {}): Settlement {
  return { to: 'dead', token, text, tally: 'failed', ...details }
}

export function givenBack({ token }: ClaimedJob, details: Details = {}): Settlement {
  return { to: 'queue', token, tally: 'none', ...details }
}
