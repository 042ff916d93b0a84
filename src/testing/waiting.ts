import type { StoredJob } from '../../adapters/memory/store.ts'
import { type Payload, parsePayload } from '../payload.ts'
import type { TestGround } from './test-ground.ts'

/** A job that waits: its payload, as it is stored, and when it is due. */
export interface EnqueuedJob<Args extends unknown[] = unknown[]> extends Payload {
  args: Args
  /** When it is due, where it is scheduled or waits for its retry; missing when it can run now. */
  readonly at?: Date
}

/** A waiting job, and whether it is known to be stored. */
export interface Waiting {
  readonly job: EnqueuedJob
  /** False for a push that nobody has awaited yet: what is seen is what was pushed. */
  readonly isStored: boolean
}

/** All that waits on a ground, in the order in which it came to where it is. */
export function waitingOn({ store, clock, pending }: TestGround): Waiting[] {
  const sets = [...store.scheduled, ...store.retry].map((job) => stored(job, job.at))
  const ready = [...store.queues.values()].flatMap((queue) => [...queue]).map((job) => stored(job, 0))
  const found = [...sets, ...ready].sort((a, b) => a.seq - b.seq)
  const known = new Set(found.map(({ job }) => job.jid))
  const pushed = pending
    .filter(({ jid }) => !known.has(jid))
    .map(({ text, delayMs }) => ({ job: viewOf(text, delayMs > 0 ? clock.now() + delayMs : 0), isStored: false }))
  return [...found, ...pushed]
}

const stored = ({ text, seq }: StoredJob, at: number): Waiting & { readonly seq: number } => {
  return { job: viewOf(text, at), seq, isStored: true }
}

function viewOf(text: string, at: number): EnqueuedJob {
  const payload = parsePayload(text)
  return at === 0 ? payload : { ...payload, at: new Date(at) }
}
