import mitt, { type Emitter, type Handler } from 'mitt'
import { OptionError } from './errors.ts'
import { describe, nearest } from './options.ts'
import type { Payload } from './payload.ts'

/** What all events of a job tell. */
export interface JobEvent {
  readonly jid: string
  /** The job's name. */
  readonly job: string
  readonly queue: string
  readonly payload: Readonly<Payload>
}

/** What all events of a run tell. */
export interface RunEvent extends JobEvent {
  /** 1 for the first run. */
  readonly attempt: number
  readonly durationMs: number
}

/** The events of an app, by name. */
export type Events = {
  /** Stored; `delayMs` is 0 for a job that can run now. */
  'job:enqueued': JobEvent & { readonly delayMs: number }
  'job:started': JobEvent & { readonly attempt: number }
  'job:completed': RunEvent
  /** A run that threw, whatever follows: `job:retried`, `job:died` or `job:discarded` comes right after. */
  'job:failed': RunEvent & { readonly error: Error }
  /** On its way to the retry set. */
  'job:retried': RunEvent & { readonly error: Error; readonly delayMs: number }
  /** Out of retries, on its way to the dead set. */
  'job:died': JobEvent & { readonly error: Error }
  /** Given up without a trace, and why. */
  'job:discarded': JobEvent & { readonly reason: DiscardReason; readonly error?: Error }
  'job:cancelled': JobEvent
  'worker:started': WorkerEvent
  'worker:quiet': WorkerEvent
  'worker:stopped': WorkerEvent & { readonly unfinished: number }
  'storage:unavailable': { readonly error: Error }
  'storage:available': { readonly downMs: number }
  /** A job that requires the network found it away: such jobs wait. For each worker, as `network:back`. */
  'network:lost': WorkerEvent & { readonly error: Error }
  'network:back': WorkerEvent & { readonly awayMs: number }
}

/** 'expired': its time was over before it began. 'failed': it failed, and nothing of it is to be kept. */
export type DiscardReason = 'expired' | 'failed'

export interface WorkerEvent {
  readonly worker: string
}

export type EventName = keyof Events

const NAMES: readonly EventName[] = [
  'job:enqueued',
  'job:started',
  'job:completed',
  'job:failed',
  'job:retried',
  'job:died',
  'job:discarded',
  'job:cancelled',
  'worker:started',
  'worker:quiet',
  'worker:stopped',
  'storage:unavailable',
  'storage:available',
  'network:lost',
  'network:back',
]

/** Typed events whose listeners cannot do harm: what one throws is reported, and the others still hear. */
export class EventBus {
  readonly #emitter: Emitter<Events> = mitt()
  /** The guarded form of each listener, by event: one function may listen to several. */
  readonly #guarded = new Map<EventName, WeakMap<Handler<never>, Handler<never>>>()
  readonly #report: (error: unknown, name: EventName) => void

  constructor(report: (error: unknown, name: EventName) => void) {
    this.#report = report
  }

  /**
   * Calls `listener` at each event of this name. Answers a function that ends it. Throws OptionError for an unknown
   * name.
   */
  on<N extends EventName>(name: N, listener: (event: Events[N]) => void): () => void {
    if (!NAMES.includes(name)) throw unknownEvent(name)
    if (typeof listener !== 'function')
      throw new OptionError(`A listener must be a function; got ${describe(listener)}.`)
    const guarded = this.#guard(name, listener)
    this.#emitter.on(name, guarded)
    return () => this.#emitter.off(name, guarded)
  }

  off<N extends EventName>(name: N, listener: (event: Events[N]) => void): void {
    const guarded = this.#guarded.get(name)?.get(listener as Handler<never>)
    if (guarded) this.#emitter.off(name, guarded as Handler<Events[N]>)
  }

  /** True when somebody listens, so that the many jobs that nobody watches need not be described. */
  hears(name: EventName): boolean {
    return (this.#emitter.all.get(name)?.length ?? 0) > 0
  }

  emit<N extends EventName>(name: N, event: Events[N]): void {
    this.#emitter.emit(name, event)
  }

  #guard<N extends EventName>(name: N, listener: (event: Events[N]) => void): Handler<Events[N]> {
    const byListener = this.#guarded.get(name) ?? new WeakMap()
    this.#guarded.set(name, byListener)
    const known = byListener.get(listener as Handler<never>)
    if (known) return known as Handler<Events[N]>
    const guarded: Handler<Events[N]> = (event) => {
      try {
        // A listener may be async although its type says that nobody waits for it: its rejection is caught as well.
        const answer: unknown = listener(event)
        if (isThenable(answer)) answer.then(undefined, (error) => this.#report(error, name))
      } catch (error) {
        this.#report(error, name)
      }
    }
    byListener.set(listener as Handler<never>, guarded as Handler<never>)
    return guarded
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as { then?: unknown } | null | undefined)?.then === 'function'

function unknownEvent(name: string): OptionError {
  const near = nearest(name, NAMES)
  return new OptionError(
    `There is no event "${name}"; ${near ? `did you mean "${near}"?` : `there are ${NAMES.join(', ')}.`}`,
  )
}
