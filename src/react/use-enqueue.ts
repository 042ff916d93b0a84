import { useCallback, useRef, useState } from 'react'
import { toError } from '../errors.ts'
import type { Enqueuer } from '../job.ts'

/** What became of the last call of `enqueue`. */
interface Enqueued {
  /** Of the job that was stored; null before, and when a middleware stopped it or another job holds its unique lock. */
  readonly jid: string | null
  /** Why it could not be stored. */
  readonly error: Error | undefined
  readonly isEnqueuing: boolean
}

export interface Enqueuing<Args extends unknown[]> extends Enqueued {
  /**
   * Enqueues the job, and answers its jid: null when it was not stored, and `error` tells why. Never rejects, so that it
   * can be an event handler. The same function as long as the job is the same.
   */
  readonly enqueue: (...args: Args) => Promise<string | null>
}

const NOTHING_YET: Enqueued = { jid: null, error: undefined, isEnqueuing: false }

/** Enqueues a job from a component, and tells what became of the last call. Needs no provider. */
export function useEnqueue<Args extends unknown[]>(job: Enqueuer<Args>): Enqueuing<Args> {
  const [enqueued, setEnqueued] = useState(NOTHING_YET)
  const calls = useRef(0)
  const enqueue = useCallback(
    async (...args: Args) => {
      const call = ++calls.current
      setEnqueued({ ...NOTHING_YET, isEnqueuing: true })
      const { jid, error } = await outcomeOf(job.performAsync(...args))
      // Of two calls that overlap, the first may answer last.
      if (call === calls.current) setEnqueued({ jid, error, isEnqueuing: false })
      return jid
    },
    [job],
  )
  return { enqueue, ...enqueued }
}

const outcomeOf = (stored: Promise<string | null>): Promise<Omit<Enqueued, 'isEnqueuing'>> =>
  stored.then(
    (jid) => ({ jid, error: undefined }),
    (thrown) => ({ jid: null, error: toError(thrown) }),
  )
