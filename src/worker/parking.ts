import type { Context } from '../context.ts'
import { type Payload, parsePayload } from '../payload.ts'
import { replaceFields } from '../payload-text.ts'
import type { Settlement, Storage } from '../storage.ts'
import type { Task } from './task.ts'

/**
 * Jobs that wait for the network lie at the far end of the scheduled set, the longest parked last: due in the year 9000,
 * less the time at which they were parked. So one look at the last row tells whether there are any, and pages from the
 * end have them in order, however many jobs are scheduled.
 */
const END: number = Date.UTC(9000, 0)
const FAR: number = END / 2

/** Rows read at a time behind the first look. */
const PAGE = 500

/** A unique lock is kept for so long while its job waits, and its own time more. */
const LOCKED_MS = 30 * 86_400_000

interface Parked {
  readonly key: string
  readonly text: string
  readonly payload: Payload
}

/** The delay that leads to where parked jobs lie. */
export const parkingMs = (parkedAt: number, now: number): number => END - parkedAt - now

/** Lets a job wait for the network. Not counted: no attempt is spent, and no run was. */
export async function park({ job, queue, lock }: Task, storage: Storage, delayMs: number): Promise<Settlement> {
  // Whoever enqueues it again while it waits has to find its lock.
  if (lock) await storage.lock(lock.key, lock.owner, LOCKED_MS + lockMs(parsePayload(job.text)))
  const text = replaceFields(job.text, { queue, waiting_for: 'network' })
  return { token: job.token, to: 'scheduled', tally: 'none', delayMs, text }
}

/**
 * Puts parked jobs back into their queues, in the order in which they were parked: up to `limit`. A single one comes
 * from one of these queues if it can, since it is to be performed here. Answers how many were found.
 */
export async function unpark(
  storage: Storage,
  { clock, stamp }: Context,
  limit: number,
  queues: readonly string[],
): Promise<number> {
  const found = limit === 1 ? await findOne(storage, queues) : await findFirst(storage, limit)
  // Before they are moved: a job that is done already must not get its lock back.
  await Promise.all(found.map(({ payload }) => renewLock(storage, payload)))
  const fields = { waiting_for: undefined, enqueued_at: stamp(clock.now()) }
  const moves = found.map(({ key, text, payload: { queue } }) => {
    return { key, to: { queue }, text: replaceFields(text, fields) }
  })
  if (moves.length > 0) await storage.move('scheduled', moves)
  return moves.length
}

async function findFirst(storage: Storage, limit: number): Promise<readonly Parked[]> {
  for await (const parked of pages(storage, limit)) if (parked.length > 0) return parked
  return []
}

async function findOne(storage: Storage, queues: readonly string[]): Promise<readonly Parked[]> {
  let first: Parked | undefined
  for await (const parked of pages(storage, 1)) {
    first ??= parked[0]
    const own = parked.find(({ payload }) => queues.includes(payload.queue))
    if (own) return [own]
  }
  return first ? [first] : []
}

/** All that waits for the network, in order. Other jobs that are due in thousands of years are passed over. */
async function* pages(storage: Storage, first: number): AsyncGenerator<readonly Parked[]> {
  for (let offset = 0, limit = first; ; offset += limit, limit = PAGE) {
    const { rows } = await storage.page('scheduled', { offset, limit, reverse: true })
    const far = rows.filter(({ at = 0 }) => at > FAR)
    yield far.flatMap(({ key, text }) => {
      const payload = waiting(text)
      return payload ? [{ key, text, payload }] : []
    })
    if (far.length < limit) return
  }
}

function waiting(text: string): Payload | undefined {
  try {
    const payload = parsePayload(text)
    return payload.waiting_for === 'network' ? payload : undefined
  } catch {
    return undefined
  }
}

/** From now on the lock holds as long as if the job had just become due. */
async function renewLock(storage: Storage, payload: Payload): Promise<void> {
  const { unique_key: key, jid } = payload
  if (typeof key === 'string') await storage.lock(key, jid, lockMs(payload))
}

const lockMs = ({ unique_for: seconds }: Payload): number => (typeof seconds === 'number' ? seconds * 1_000 : 0)
