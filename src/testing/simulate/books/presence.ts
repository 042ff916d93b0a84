import { short } from '../chronicle.ts'
import { must } from '../violation.ts'
import type { Books } from './books.ts'
import { type Claim, type Presence, tokenOf } from './claim.ts'
import type { Entry } from './entries.ts'
import { freeOf } from './locks.ts'
import type { Step } from './step.ts'

type Sign = { readonly worker: string; readonly leaseMs: number }

/** A worker was heard of. Whether its lease was renewed is not certain for a repeated request. */
export function present({ workers }: Books, { worker, leaseMs }: Sign, now: number, isCertain: boolean): void {
  const known = workers.get(worker)
  const { endsAtMost, endsAtLeast, steadySince } = known ?? UNKNOWN
  workers.set(worker, {
    leaseMs,
    steadySince: now < endsAtMost ? steadySince : now,
    endsAtMost: Math.max(now + leaseMs, isCertain ? 0 : endsAtMost),
    endsAtLeast: isCertain ? now + leaseMs : endsAtLeast,
  })
}

const UNKNOWN: Omit<Presence, 'leaseMs'> = { steadySince: 0, endsAtLeast: 0, endsAtMost: 0 }

export const beat: Entry<'beat'> = (books, step, [report]) => {
  present(books, report, step.now, true)
  const held = new Set(report.held)
  const unheard = claimsOf(books, report.worker).filter(({ token, lane, request }) => {
    return request <= (report.answered[lane] ?? Number.NEGATIVE_INFINITY) && !held.has(token)
  })
  for (const claim of unheard) tell(books, claim)
  return giveBack(books, step, unheard)
}

/** Where a job was recovered from a worker, that worker may have an older run of it in hand, too. */
function tell({ isReplaying, recoveries, onGivenBack }: Books, { jid, worker }: Claim): void {
  if (!isReplaying && !recoveries.has(jid)) onGivenBack?.(jid, worker.slice(0, worker.indexOf(':')))
}

export const retire: Entry<'retire'> = (books, step, [worker]) => {
  books.workers.delete(worker)
  return giveBack(books, step, claimsOf(books, worker))
}

export const recover: Entry<'recover'> = (books, step, [self], { requeued }) => {
  const told: string[] = []
  let count = 0
  for (const worker of new Set([...books.claims.values()].map((claim) => claim.worker))) {
    const claims = claimsOf(books, worker)
    if (!claims.some(({ jid }) => step.hasArrived(jid)) && !isAllCancelled(books, step, claims, worker)) continue
    checkRight(books, step.now, self, worker, claims)
    books.workers.delete(worker)
    for (const claim of claims) if (takeOver(books, step, claim)) count++
    told.push(`takes ${claims.map(({ jid }) => short(jid)).join(' ')} from ${worker}`)
  }
  must(count === requeued, () => `recover: answers ${requeued}, and put back ${count}`)
  return told.length > 0 ? `: ${told.join(', ')}` : ''
}

/** Cancelled jobs show nowhere when their worker is forgotten: only the number of claims tells. */
function isAllCancelled(books: Books, { running, now }: Step, claims: readonly Claim[], worker: string): boolean {
  const isGone = now >= (books.workers.get(worker)?.endsAtLeast ?? 0)
  return isGone && running < books.claims.size && claims.every(({ isCancelled }) => isCancelled)
}

/** Only whose lease is over is robbed, and only by one who has been there for a lease without a gap. */
function checkRight({ workers }: Books, now: number, self: string, other: string, claims: readonly Claim[]): void {
  const jid = claims[0]?.jid ?? ''
  const leftMs = (workers.get(other)?.endsAtLeast ?? 0) - now
  must(leftMs <= 0, () => `recover: ${other} is robbed, and its lease runs for ${leftMs} ms more`, jid)
  const { steadySince, leaseMs, endsAtMost } = workers.get(self) ?? { ...UNKNOWN, steadySince: now, leaseMs: 1 }
  const isSteady = now < endsAtMost && now - steadySince >= leaseMs
  must(isSteady, () => `recover: ${self} judges ${other}, and has not been present for a lease itself`, jid)
}

/** Only what had begun counts. */
function takeOver(books: Books, step: Step, claim: Claim): boolean {
  const isWaiting = release(books, step, claim, 'back')
  if (isWaiting && claim.isBegun) books.recoveries.set(claim.jid, (books.recoveries.get(claim.jid) ?? 0) + 1)
  return isWaiting
}

function giveBack(books: Books, step: Step, claims: readonly Claim[]): string {
  const back = claims.filter((claim) => release(books, step, claim, 'front'))
  return back.length > 0 ? `: gives back ${back.map(({ jid }) => short(jid)).join(' ')}` : ''
}

/** Answers whether the job waits again. */
function release(
  books: Books,
  step: Step,
  { worker, token, jid, queue, text, isCancelled }: Claim,
  end: 'front' | 'back',
): boolean {
  books.claims.delete(tokenOf(worker, token))
  if (!isCancelled) {
    step.moved(jid, `queue ${queue}`, end, text, worker)
    return true
  }
  freeOf(books, text)
  books.end(jid, 'cancelled')
  return false
}

/** In the order in which they were claimed. */
function claimsOf({ claims }: Books, worker: string): Claim[] {
  return [...claims.values()].filter((claim) => claim.worker === worker).sort((a, b) => a.token - b.token)
}
