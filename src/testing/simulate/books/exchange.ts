import type { ClaimedJob, Exchange, Exchanged, Settlement } from '../../../storage.ts'
import { short } from '../chronicle.ts'
import { must } from '../violation.ts'
import type { Books } from './books.ts'
import { type Claim, tokenOf } from './claim.ts'
import type { Entry } from './entries.ts'
import { free, freeOf, mustHaveFreed } from './locks.ts'
import { present } from './presence.ts'
import type { Step } from './step.ts'

/** Nobody needs to know of more. */
const MOST_RECOVERIES = 3

export const exchange: Entry<'exchange'> = (books, step, [asked], answer) => {
  const lane = `${asked.worker} ${asked.lane}`
  if (isRepeated(books, asked, answer, lane)) {
    present(books, asked, step.now, false)
    return ` #${asked.request} again`
  }
  present(books, asked, step.now, true)
  books.lanes.set(lane, { request: asked.request, answer })
  begin(books, asked)
  const refused = new Set(answer.refused)
  const given: Claim[] = []
  const told = asked.settlements.map((settlement) => settle(books, step, asked, settlement, refused, given))
  given.sort((a, b) => a.token - b.token)
  checkPlaces(books, step, asked, answer, given)
  for (const [index, job] of answer.jobs.entries()) {
    told.push(claim(books, step, asked, job, index < asked.limit - asked.ahead, given))
  }
  // Not those that the same call has claimed again.
  for (const { jid, queue, text } of given) {
    if (!isClaimed(books, asked, answer, jid)) step.moved(jid, `queue ${queue}`, 'front', text)
  }
  return told.length > 0 ? ` #${asked.request}: ${told.join(', ')}` : ''
}

/** What was read ahead and begins now. */
function begin({ claims }: Books, { worker, begun }: Exchange): void {
  for (const token of begun) {
    const claim = claims.get(tokenOf(worker, token))
    if (claim) claim.isBegun = true
  }
}

/** The same request again, of a worker that was not forgotten since. It may be answered in one way only. */
function isRepeated(books: Books, { worker, request }: Exchange, answer: Exchanged, lane: string): boolean {
  const last = books.lanes.get(lane)
  if (last?.request !== request) return false
  if (JSON.stringify(last.answer) === JSON.stringify(answer)) return true
  const kept = last.answer.jobs.find(({ token }) => books.claims.has(tokenOf(worker, token)))
  must(
    !kept,
    () => `exchange: request ${request} was made again, and was answered otherwise`,
    jidOf(books, worker, kept),
  )
  return false
}

const jidOf = (books: Books, worker: string, job: ClaimedJob | undefined): string =>
  books.claims.get(tokenOf(worker, job?.token ?? 0))?.jid ?? ''

function settle(
  books: Books,
  step: Step,
  { worker }: Exchange,
  settlement: Settlement,
  refused: ReadonlySet<number>,
  given: Claim[],
): string {
  const { token, to } = settlement
  const claim = books.claims.get(tokenOf(worker, token))
  if (refused.has(token)) {
    must(!claim, () => `exchange: refuses the settlement of ${token}, which is current`, claim?.jid ?? '')
    return `${token} comes too late`
  }
  if (!claim) must(false, () => `exchange: accepts a settlement with the token ${token}, which is not current`)
  else carryOut(books, step, claim, settlement, given)
  return `${short(claim?.jid ?? '')} (${token}) goes to ${to}`
}

function carryOut(books: Books, step: Step, claim: Claim, settlement: Settlement, given: Claim[]): void {
  const { jid, text, worker, token, isCancelled } = claim
  books.claims.delete(tokenOf(worker, token))
  if (settlement.tally !== 'none') books.tally.processed++
  if (settlement.tally === 'failed') books.tally.failed++
  if (settlement.unlock) free(books, settlement.unlock)
  if (!books.isReplaying && !books.cancelled.has(jid)) tellEnd(books, claim, settlement)
  if (settlement.to === 'nowhere') {
    books.end(jid, 'done')
    mustHaveFreed(books, text, step.now)
  } else if (settlement.to === 'dead') {
    freeOf(books, settlement.text ?? text)
    books.recoveries.delete(jid)
    step.arrived(jid, 'dead')
    mustHaveFreed(books, text, step.now)
  } else if (isCancelled) {
    freeOf(books, text)
    books.end(jid, 'cancelled')
  } else if (settlement.to === 'queue') given.push(claim)
  else step.scheduled(jid, settlement.to, settlement.delayMs, settlement.text)
}

function tellEnd({ onDone, onEnd }: Books, { jid, text }: Claim, settlement: Settlement): void {
  if (settlement.to === 'nowhere' && settlement.tally === 'ok') onDone?.(jid)
  if (settlement.to === 'nowhere' || settlement.to === 'dead') {
    onEnd?.(settlement, settlement.to === 'dead' ? (settlement.text ?? text) : text)
  }
}

/** Claims take the first jobs of the queues, in the order of the queues, and leave none that they had room for. */
function checkPlaces(books: Books, step: Step, asked: Exchange, { jobs }: Exchanged, given: Claim[]): void {
  const first = given.map(({ jid, queue }) => ({ jid, place: `queue ${queue}` }))
  const expected = asked.queues
    .filter((queue) => !books.paused.has(queue))
    .flatMap((queue) => {
      const place = `queue ${queue}`
      return [...first.filter((each) => each.place === place), ...(step.before.byPlace.get(place) ?? [])]
    })
    .slice(0, asked.limit)
  const wrong = Math.max(jobs.length, expected.length) - 1
  must(
    jobs.length === expected.length,
    () => `exchange: claims ${jobs.length}, not ${expected.length}`,
    expected[wrong]?.jid ?? '',
  )
  for (const [index, { text }] of jobs.entries()) {
    const jid = expected[index]?.jid ?? ''
    must(text.includes(jid), () => 'exchange: claims out of order; it was the turn of this job', jid)
  }
}

function isClaimed({ claims }: Books, { worker }: Exchange, { jobs }: Exchanged, jid: string): boolean {
  return jobs.some(({ token }) => claims.get(tokenOf(worker, token))?.jid === jid)
}

function claim(
  books: Books,
  step: Step,
  { worker, lane, request }: Exchange,
  { token, queue, text, recoveries }: ClaimedJob,
  isBegun: boolean,
  given: readonly Claim[],
): string {
  const { jid } = JSON.parse(text) as { jid: string }
  const again = given.find((each) => each.jid === jid)
  const seen = again ? { text: again.text, place: `queue ${again.queue}` } : step.left(jid)
  must(seen !== undefined, () => 'exchange: claims a job that was in no queue', jid)
  must(seen?.text === text, () => 'exchange: the text has changed on the way', jid)
  must(seen?.place === `queue ${queue}`, () => `exchange: claims from ${queue} what was in ${seen?.place}`, jid)
  const counted = Math.min(books.recoveries.get(jid) ?? 0, MOST_RECOVERIES)
  must(
    recoveries === counted,
    () => `exchange: says that the job was recovered ${recoveries} times, not ${counted}`,
    jid,
  )
  const name = tokenOf(worker, token)
  must(books.isReplaying || !books.tokens.has(name), () => `exchange: gives the token ${token} a second time`, jid)
  books.tokens.add(name)
  books.claims.set(name, { worker, token, jid, queue, text, lane, request, isBegun, isCancelled: false })
  return `claims ${short(jid)} (${token})${isBegun ? '' : ' ahead'}`
}
