import { OptionError } from '../../src/errors.ts'
import type { ClaimedJob, Exchange, Exchanged, Settlement } from '../../src/storage.ts'
import { bury, type DeadLimits, discard, giveBack, schedule } from './places.ts'
import { present } from './presence.ts'
import { recoveriesOf } from './recover.ts'
import { unlock } from './small-things.ts'
import type { Claim, KnownWorker, Store, StoredJob } from './store.ts'

export function exchange(store: Store, asked: Exchange, limits: DeadLimits, now: number): Exchanged {
  const answered = answeredBefore(store, asked)
  if (answered !== undefined) return answered
  const worker = present(store, asked.worker, asked.leaseMs, now)
  for (const token of asked.begun) mark(worker, token, true)
  const refused = settle(store, worker, asked.settlements, limits, now)
  const answer = { jobs: claim(store, worker, asked, now), refused }
  worker.lanes.set(asked.lane, { request: asked.request, answer })
  return answer
}

/** The answer that a repeated request had. A worker that was forgotten has no answers any more, as it has no claims. */
function answeredBefore(store: Store, { worker, lane, request }: Exchange): Exchanged | undefined {
  const last = store.workers.get(worker)?.lanes.get(lane)
  if (last === undefined || request > last.request) return undefined
  if (request === last.request) return last.answer
  throw new OptionError(`exchange(): request ${request} of lane '${lane}' is older than ${last.request}, its last.`)
}

function mark(worker: KnownWorker, token: number, begun: boolean): void {
  const claim = worker.claims.get(token)
  if (claim !== undefined) claim.begun = begun
}

/** Carries out settlements, and answers the tokens of those refused. */
function settle(
  store: Store,
  worker: KnownWorker,
  settlements: readonly Settlement[],
  limits: DeadLimits,
  now: number,
): number[] {
  const refused: number[] = []
  const givenBack: Claim[] = []
  for (const settlement of settlements) {
    const claim = worker.claims.get(settlement.token)
    if (claim === undefined) {
      refused.push(settlement.token)
      continue
    }
    worker.claims.delete(settlement.token)
    if (settlement.tally !== 'none') store.tally.count(settlement.tally, now)
    if (settlement.unlock) unlock(store, settlement.unlock.key, settlement.unlock.owner, now)
    if (settlement.to === 'queue') givenBack.push(claim)
    else leave(store, claim, settlement, limits, now)
  }
  if (givenBack.length > 0) giveBack(store, givenBack, now)
  return refused
}

/** Where a job goes that will not run again at once. */
function leave(
  store: Store,
  { job, cancelled }: Claim,
  settlement: Exclude<Settlement, { to: 'queue' }>,
  limits: DeadLimits,
  now: number,
): void {
  if (settlement.to === 'nowhere') {
    store.recoveries.delete(job.jid)
    store.changes.finish(job.jid)
  } else if (settlement.to === 'dead') bury(store, job, settlement.text, limits, now)
  else if (cancelled) discard(store, job, now)
  else {
    job.text = settlement.text
    schedule(store, settlement.to, job, now + Math.max(0, settlement.delayMs))
  }
}

/** Moves jobs into the worker's keeping, queue after queue. */
function claim(store: Store, worker: KnownWorker, asked: Exchange, now: number): ClaimedJob[] {
  const jobs: ClaimedJob[] = []
  for (const name of asked.queues) {
    const queue = store.paused.has(name) ? undefined : store.queues.get(name)
    while (jobs.length < asked.limit) {
      const job = queue?.shift()
      if (job === undefined) break
      jobs.push(keep(store, worker, job, asked, now))
    }
  }
  for (const { token } of jobs.slice(asked.limit - asked.ahead)) mark(worker, token, false)
  return jobs
}

function keep(store: Store, worker: KnownWorker, job: StoredJob, { lane, request }: Exchange, now: number): ClaimedJob {
  const token = store.next()
  worker.claims.set(token, { token, job, lane, request, startedAt: now, begun: true, cancelled: false })
  return { token, queue: job.queue, text: job.text, recoveries: recoveriesOf(store, job.jid, now) }
}
