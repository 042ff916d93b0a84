/** A bug, as one line of the code that somebody could have written. */
export interface PlantedBug {
  readonly name: string
  readonly file: string
  /** Stands in the file once. */
  readonly find: string
  readonly put: string
}

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'a job that is recovered a second time is dropped',
    file: 'adapters/memory/recover.ts',
    find: 'enqueue(store, job.queue, job)',
    put: 'if (recoveriesOf(store, job.jid, now) < 2) enqueue(store, job.queue, job)',
  },
  {
    name: 'recovery needs nobody to be steady',
    file: 'adapters/memory/recover.ts',
    find: 'return isAlive(self, now) ? self.steadySince + self.leaseMs - now : Math.max(1, self.leaseMs)',
    put: 'return isAlive(self, now) ? 0 : Math.max(1, self.leaseMs)',
  },
  {
    name: 'a settlement is carried out without looking at its token',
    file: 'adapters/memory/exchange.ts',
    find: 'const claim = worker.claims.get(settlement.token)',
    put: 'const claim = worker.claims.get(settlement.token) ?? worker.claims.values().next().value',
  },
  {
    name: 'a settled job stays in the keeping of its worker',
    file: 'adapters/memory/exchange.ts',
    find: 'worker.claims.delete(settlement.token)',
    put: "if (settlement.to !== 'nowhere') worker.claims.delete(settlement.token)",
  },
  {
    name: 'a repeated request claims again',
    file: 'adapters/memory/exchange.ts',
    find: 'if (request === last.request) return last.answer',
    put: 'if (request === last.request) return undefined',
  },
  {
    name: 'promotion takes a job out and stops before it is in its queue',
    file: 'adapters/memory/promote.ts',
    find: 'if (job === undefined) break',
    put: 'if (job === undefined || (promoted > 0 && job.seq % 7 === 0)) break',
  },
  {
    name: 'a retiring worker forgets one job',
    file: 'adapters/memory/presence.ts',
    find: 'giveBack(store, [...worker.claims.values()], now)',
    put: 'giveBack(store, [...worker.claims.values()].slice(1), now)',
  },
  {
    name: 'a beat gives back what is still under way',
    file: 'adapters/memory/presence.ts',
    find: 'if (claim.request <= heard && !known.has(claim.token)) unheard.push(claim)',
    put: 'if (!known.has(claim.token)) unheard.push(claim)',
  },
  {
    name: 'the dead keep their unique locks',
    file: 'adapters/memory/places.ts',
    find: 'if (lock) unlock(store, lock.key, lock.owner, now)',
    put: 'if (lock && lock.owner !== jid) unlock(store, lock.key, lock.owner, now)',
  },
  {
    name: 'a repeated push stores again',
    file: 'adapters/memory/produce.ts',
    find: 'if (answered !== undefined) return answered',
    put: 'if (answered?.length) return answered',
  },
  {
    name: 'a push is acknowledged before it is stored',
    file: 'src/group-commit.ts',
    find: 'return await storage.push(entries, id)',
    put: 'return void storage.push(entries, id).catch(() => {}) ?? []',
  },
  {
    name: 'group commit tells the caller of a refused job that it is stored',
    file: 'src/group-commit.ts',
    find: "answers[index] = drafts[index]?.onConflict === 'jid' ? holder : null",
    put: "answers[index] = drafts[index]?.onConflict === 'jid' ? holder : (drafts[index]?.jid ?? null)",
  },
  {
    name: 'a push that may have been made gets another number',
    file: 'src/group-commit.ts',
    find: 'return storage.push(entries, id).catch(() => Promise.reject(error))',
    put: 'return this.#push(drafts, ground)',
  },
  {
    name: 'a stop forgets what was finished and not settled yet',
    file: 'src/worker/capsule.ts',
    find: 'this.#tasks.size + this.#readAhead.size + this.#outbox.length === 0',
    put: 'this.#tasks.size + this.#readAhead.size === 0',
  },
  {
    name: 'what is being settled counts as lost',
    file: 'src/worker/capsule.ts',
    find: '[...this.#settling, ...this.#outbox].map(',
    put: 'this.#outbox.map(',
  },
  {
    name: 'a job that a stopping worker has just claimed is dropped',
    file: 'src/worker/capsule.ts',
    find: "for (const { token } of jobs) this.#outbox.push({ token, to: 'queue', tally: 'none' })",
    put: "for (const { token } of jobs) this.#outbox.push({ token, to: 'nowhere', tally: 'none' })",
  },
  {
    name: 'a run that was shut down counts as done',
    file: 'src/worker/settle.ts',
    find: "return { token, to: 'queue', tally: 'none' }",
    put: "return { token, to: 'nowhere', tally: 'ok' }",
  },
  {
    name: 'the heartbeat ends at the first call that fails',
    file: 'src/worker/service.ts',
    find: 'return this.#pauseMs * (0.5 + this.#clock.random() / 2)',
    put: 'return undefined',
  },
  {
    name: 'a lock is freed by whoever asks',
    file: 'adapters/memory/small-things.ts',
    find: 'const isOwner = locks.get(key, now) === owner',
    put: 'const isOwner = locks.get(key, now) !== undefined',
  },
  {
    name: 'what is given back comes in the wrong order',
    file: 'adapters/memory/places.ts',
    find: 'b.token - a.token',
    put: 'a.token - b.token',
  },
  {
    name: 'a request that fails forgets what it carried',
    file: 'src/worker/capsule.ts',
    find: 'const answer = await storage.exchange(exchange)',
    put: 'const answer = await storage.exchange(exchange).catch(() => ({ jobs: [], refused: [] }))',
  },
  {
    name: 'a job that failed is dropped',
    file: 'src/worker/settle-failure.ts',
    find: 'return retry(failed, verdict.fields, verdict.delayMs)',
    put: 'return discard(failed)',
  },
  {
    name: 'retries end one too early',
    file: 'src/worker/retry.ts',
    find: "return count >= (typeof retry === 'number' ? retry : DEFAULT_RETRIES)",
    put: "return count + 1 >= (typeof retry === 'number' ? retry : DEFAULT_RETRIES)",
  },
  {
    name: 'a suspect that waits to run alone is never let in',
    file: 'src/worker/solo-gate.ts',
    find: 'this.#inside--',
    put: 'return void this.#inside--',
  },
  {
    name: 'a stopped worker leaves its heartbeat behind',
    file: 'src/worker/crew.ts',
    find: '...this.#services.map((service) => service.stop())',
    put: '...this.#services.slice(1).map((service) => service.stop())',
  },
  {
    name: 'a job is promoted a second early',
    file: 'adapters/memory/promote.ts',
    find: 'set.first.at <= now',
    put: 'set.first.at <= now + 1_000',
  },
  {
    name: 'a paused queue is claimed from',
    file: 'adapters/memory/exchange.ts',
    find: 'store.paused.has(name) ? undefined : store.queues.get(name)',
    put: 'store.queues.get(name)',
  },
  {
    name: 'a cancelled job waits again',
    file: 'adapters/memory/recover.ts',
    find: 'if (cancelled) discard(store, job, now)',
    put: "if (cancelled && job.queue === 'low') discard(store, job, now)",
  },
  {
    name: 'a wake-up during a call is lost',
    file: 'src/worker/capsule.ts',
    find: 'this.#settling = []',
    put: 'this.#settling = [], this.#isHungry = false',
  },
  {
    name: 'a run that ignores its signal keeps its slot',
    file: 'src/worker/task.ts',
    find: 'this.#giveUp?.(reason)',
    put: "if (this.queue !== 'low') this.#giveUp?.(reason)",
  },
  {
    name: 'a run that ignores its signal is given up too late',
    file: 'src/worker/task.ts',
    find: 'const PATIENCE_MS = 2_000',
    put: 'const PATIENCE_MS = 4_000',
  },
  {
    name: 'a run that was given up counts as done',
    file: 'src/worker/execute.ts',
    find: 'const error = toError(thrown)',
    put: "const error = toError(thrown)\n  if (task.isAbandoned && !task.stopping) return { kind: 'completed', value: undefined }",
  },
  {
    name: 'a run that finds no network has failed',
    file: 'src/worker/execute.ts',
    find: "return { kind: 'parked', error }",
    put: "return { kind: 'failed', error }",
  },
  {
    name: 'jobs that wait for the network come back only while the gate is closed',
    file: 'src/worker/network-watch.ts',
    find: 'if (isStandby()) return STANDBY_MS',
    put: 'if (network.isOpen) return STANDBY_MS',
  },
]
