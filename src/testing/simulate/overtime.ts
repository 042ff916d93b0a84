import type { Clock } from '../../clock.ts'
import type { JobEvent } from '../../events.ts'
import type { Middleware } from '../../middleware.ts'
import type { Payload } from '../../payload.ts'
import type { Run } from '../../run.ts'
import { Violation } from './violation.ts'

/** How long a run may ignore its signal until its slot is free; and what timers of the same moment need. */
const PATIENCE_MS = 2_000
const SLACK_MS = 100

interface Watched {
  state: 'goes on' | 'has ended' | 'was given up'
}

/** What the world around a worker tells of it. */
interface Watching {
  readonly clock: Clock
  /** How many runs the worker says it has given up. */
  readonly abandoned: () => number
  /** Grows whenever this process could not do what it should in time. */
  readonly troubles: () => number
  readonly fail: (violation: Violation) => void
}

/** Watches that a worker goes on without a run that ignores its signal, and hears no more of it. Of one life. */
export class Overtime {
  readonly #watching: Watching
  /** By the payload that a run has for itself: of one job there may be two runs here, where it was recovered. */
  readonly #runs = new WeakMap<Payload, Watched>()
  #givenUp = 0

  constructor(watching: Watching) {
    this.#watching = watching
  }

  /** Stands around each run. */
  readonly middleware: Middleware<Run> = async (run, next) => {
    const watched: Watched = { state: 'goes on' }
    this.#runs.set(run.payload, watched)
    run.signal.addEventListener('abort', () => this.#aborted(run, watched))
    try {
      await next()
    } finally {
      if (watched.state === 'goes on') watched.state = 'has ended'
    }
  }

  /** The worker says that a job is done. */
  completed({ jid, payload }: JobEvent): void {
    const state = this.#runs.get(payload)?.state ?? 'has ended'
    if (state !== 'has ended') this.#watching.fail(new Violation(`a job is said to be done, and its run ${state}`, jid))
  }

  #aborted({ jid }: Run, watched: Watched): void {
    const { clock, abandoned, troubles, fail } = this.#watching
    const before = troubles()
    clock.after(PATIENCE_MS + SLACK_MS, () => {
      if (watched.state !== 'goes on' || troubles() !== before) return
      watched.state = 'was given up'
      this.#givenUp++
      if (abandoned() >= this.#givenUp) return
      fail(new Violation(`a run has ignored its signal for ${PATIENCE_MS + SLACK_MS} ms, and still has its slot`, jid))
    })
  }
}
