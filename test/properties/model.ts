import type { Place } from '../../src/storage.ts'

/** A job as the model knows it. */
export interface ModelJob {
  readonly jid: string
  /** The queue that its text names: a promoted job goes there, wherever it was before. */
  readonly queue: string
  /** When it is due, in a set. */
  at: number
  readonly lock: string | undefined
}

interface ModelClaim {
  readonly name: number
  readonly job: ModelJob
  /** The queue that it was taken from. */
  readonly queue: string
  readonly request: number
  isCancelled: boolean
}

interface ModelWorker {
  leaseEndsAt: number
  steadySince: number
  signals: string[]
  claims: ModelClaim[]
  /** The last request, and what it gave. */
  request: number
  answer: Given
}

/** What an exchange gives: claims by the model's own numbers, and those of them whose settlement came too late. */
export interface Given {
  readonly claims: readonly {
    readonly name: number
    readonly jid: string
    readonly queue: string
    readonly recoveries: number
  }[]
  readonly refused: readonly number[]
}

export interface BeatHeard {
  readonly signals: readonly string[]
  readonly cancelled: readonly number[]
  readonly lost: readonly number[]
}

export interface ModelSettlement {
  readonly name: number
  readonly to: 'nowhere' | 'retry' | 'scheduled' | 'dead' | 'queue'
  readonly delayMs: number
  readonly tally: 'ok' | 'failed' | 'none'
}

/** The leases of all workers. */
export const LEASE_MS = 180_000

type SetName = 'scheduled' | 'retry'

/** The contract once more, as plainly as it can be said: lists that are searched from one end to the other. */
export class Model {
  now = 0
  readonly queues: Map<string, ModelJob[]> = new Map()
  scheduled: ModelJob[] = []
  retry: ModelJob[] = []
  dead: ModelJob[] = []
  readonly paused: Set<string> = new Set()
  readonly workers: Map<string, ModelWorker> = new Map()
  readonly locks: Map<string, { owner: string; endsAt: number }> = new Map()
  readonly documents: Map<string, string> = new Map()
  readonly recoveries: Map<string, number> = new Map()
  processed = 0
  failed = 0
  #names = 0

  // ─── produce ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Answers who holds the job's lock, if that is another one. */
  push(job: ModelJob, delayMs: number, lockMs: number): string | undefined {
    if (job.lock !== undefined) {
      const holder = this.lock(job.lock, job.jid, delayMs + lockMs)
      if (holder !== job.jid) return holder
    }
    if (delayMs > 0) this.#schedule('scheduled', job, delayMs)
    else this.#queue(job.queue).push(job)
    return undefined
  }

  promote(limit: number): number {
    const due = [...this.scheduled, ...this.retry].filter(({ at }) => at <= this.now).sort((a, b) => a.at - b.at)
    const promoted = due.slice(0, limit)
    this.scheduled = this.scheduled.filter((job) => !promoted.includes(job))
    this.retry = this.retry.filter((job) => !promoted.includes(job))
    for (const job of promoted) this.#queue(job.queue).push(job)
    return promoted.length
  }

  // ─── consume ───────────────────────────────────────────────────────────────────────────────────────────────────────

  exchange(
    id: string,
    request: number,
    settlements: readonly ModelSettlement[],
    queues: readonly string[],
    limit: number,
  ): Given {
    const known = this.workers.get(id)
    if (known && known.request === request) return known.answer
    const worker = this.#present(id)
    const refused: number[] = []
    const given: ModelClaim[] = []
    for (const settlement of settlements) {
      const claim = worker.claims.find(({ name }) => name === settlement.name)
      if (!claim) refused.push(settlement.name)
      else this.#settle(worker, claim, settlement, given)
    }
    this.#giveBack(given)
    const claims: Given['claims'][number][] = []
    for (const queue of queues.filter((name) => !this.paused.has(name))) {
      for (const job of this.#queue(queue).splice(0, limit - claims.length))
        claims.push(this.#claim(worker, job, queue, request))
    }
    worker.request = request
    worker.answer = { claims, refused }
    return worker.answer
  }

  beat(id: string, held: readonly number[], heard: readonly string[], answered: number): BeatHeard {
    const worker = this.#present(id)
    const unheard = worker.claims.filter(({ name, request }) => request <= answered && !held.includes(name))
    const lost = held.filter((name) => !worker.claims.some((claim) => claim.name === name))
    worker.claims = worker.claims.filter((claim) => !unheard.includes(claim))
    this.#giveBack(unheard)
    worker.signals = worker.signals.filter((signal) => !heard.includes(signal))
    const cancelled = worker.claims.filter(({ isCancelled }) => isCancelled).map(({ name }) => name)
    return { signals: worker.signals, cancelled, lost }
  }

  signal(id: string, signal: string): boolean {
    const worker = this.workers.get(id)
    if (!worker || !this.#isAlive(worker)) return false
    if (!worker.signals.includes(signal)) worker.signals.push(signal)
    return true
  }

  recover(id: string): number {
    const self = this.workers.get(id)
    if (!self || !this.#isAlive(self) || this.now - self.steadySince < LEASE_MS) return 0
    let requeued = 0
    for (const [other, worker] of this.workers) {
      if (this.#isAlive(worker)) continue
      this.workers.delete(other)
      for (const { job, queue, isCancelled } of worker.claims) {
        if (isCancelled) this.#discard(job)
        else {
          this.recoveries.set(job.jid, Math.min(3, (this.recoveries.get(job.jid) ?? 0) + 1))
          this.#queue(queue).push(job)
          requeued++
        }
      }
    }
    return requeued
  }

  retire(id: string): void {
    const worker = this.workers.get(id)
    this.workers.delete(id)
    this.#giveBack(worker?.claims ?? [])
  }

  cancel(jid: string): 'waiting' | 'running' | 'gone' {
    const claim = [...this.workers.values()].flatMap(({ claims }) => claims).find(({ job }) => job.jid === jid)
    if (claim) {
      claim.isCancelled = true
      return 'running'
    }
    const list = [...this.queues.values(), this.scheduled, this.retry].find((jobs) =>
      jobs.some((job) => job.jid === jid),
    )
    if (!list) return 'gone'
    this.#discard(take(list, jid))
    return 'waiting'
  }

  // ─── manage ────────────────────────────────────────────────────────────────────────────────────────────────────────

  jobsIn(place: Place): ModelJob[] {
    return typeof place === 'string' ? this[place] : (this.queues.get(place.queue) ?? [])
  }

  move(from: Place, jid: string, to: { queue: string } | { set: SetName; delayMs: number } | 'dead'): void {
    const job = take(this.jobsIn(from), jid)
    if (!job) return
    if (to === 'dead') this.#bury(job)
    else if ('set' in to) this.#schedule(to.set, job, to.delayMs)
    else this.#queue(to.queue).push(job)
  }

  remove(place: Place, jid: string): void {
    this.#discard(take(this.jobsIn(place), jid))
  }

  clear(place: Place): number {
    const jobs = this.jobsIn(place).splice(0)
    for (const job of jobs) this.#discard(job)
    return jobs.length
  }

  // ─── small things ──────────────────────────────────────────────────────────────────────────────────────────────────

  lock(key: string, owner: string, forMs: number): string {
    const held = this.locks.get(key)
    if (held && held.endsAt > this.now && held.owner !== owner) return held.owner
    this.locks.set(key, { owner, endsAt: this.now + forMs })
    return owner
  }

  unlock(key: string, owner: string): boolean {
    const held = this.locks.get(key)
    if (!held || held.endsAt <= this.now || held.owner !== owner) return false
    return this.locks.delete(key)
  }

  get running(): number {
    return [...this.workers.values()].reduce((sum, { claims }) => sum + claims.length, 0)
  }

  // ─── what several of them do ───────────────────────────────────────────────────────────────────────────────────────

  #queue(name: string): ModelJob[] {
    const jobs = this.queues.get(name) ?? []
    this.queues.set(name, jobs)
    return jobs
  }

  #present(id: string): ModelWorker {
    const fresh = {
      leaseEndsAt: 0,
      steadySince: 0,
      signals: [],
      claims: [],
      request: 0,
      answer: { claims: [], refused: [] },
    }
    const worker: ModelWorker = this.workers.get(id) ?? fresh
    if (!this.#isAlive(worker)) worker.steadySince = this.now
    worker.leaseEndsAt = this.now + LEASE_MS
    this.workers.set(id, worker)
    return worker
  }

  #isAlive({ leaseEndsAt }: ModelWorker): boolean {
    return this.now < leaseEndsAt
  }

  #claim(worker: ModelWorker, job: ModelJob, queue: string, request: number): Given['claims'][number] {
    const claim = { name: ++this.#names, job, queue, request, isCancelled: false }
    worker.claims.push(claim)
    return { name: claim.name, jid: job.jid, queue, recoveries: this.recoveries.get(job.jid) ?? 0 }
  }

  #settle(worker: ModelWorker, claim: ModelClaim, { to, tally, delayMs }: ModelSettlement, given: ModelClaim[]): void {
    const { job, isCancelled } = claim
    worker.claims = worker.claims.filter((other) => other !== claim)
    if (tally !== 'none') this.processed++
    if (tally === 'failed') this.failed++
    if (to === 'queue') given.push(claim)
    else if (to === 'dead') this.#bury(job)
    else if (to === 'nowhere' || isCancelled) this.#discard(job)
    else this.#schedule(to, job, delayMs)
  }

  #giveBack(claims: readonly ModelClaim[]): void {
    for (const { job, queue, isCancelled } of [...claims].sort((a, b) => b.name - a.name)) {
      if (isCancelled) this.#discard(job)
      else this.#queue(queue).unshift(job)
    }
  }

  #schedule(set: SetName, job: ModelJob, delayMs: number): void {
    this[set].push(Object.assign(job, { at: this.now + delayMs }))
    this[set].sort((a, b) => a.at - b.at)
  }

  #bury(job: ModelJob): void {
    this.#discard(job)
    this.dead.push(job)
  }

  #discard(job: ModelJob | undefined): void {
    if (!job) return
    this.recoveries.delete(job.jid)
    if (job.lock !== undefined) this.unlock(job.lock, job.jid)
  }
}

function take(jobs: ModelJob[], jid: string): ModelJob | undefined {
  const index = jobs.findIndex((job) => job.jid === jid)
  return index < 0 ? undefined : jobs.splice(index, 1)[0]
}
