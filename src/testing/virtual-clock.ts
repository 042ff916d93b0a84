import type { Clock } from '../clock.ts'
import { Random } from './simulate/random.ts'

interface Timer {
  readonly at: number
  readonly run: () => void
}

/** Turns for the promises that a timer has set off, before the next timer fires. */
const TURNS = 50

/**
 * The time of an app under test: its own, and as much more as was travelled. While anybody holds it, it stands still;
 * its timers fire only when somebody travels past them. Asks the platform for no timer, so that no fake ones matter.
 */
export class VirtualClock implements Clock {
  readonly #own: Clock
  readonly #random = new Random(1, 'jitter')
  #travelledMs = 0
  #holders = 0
  #heldAt = 0
  #timers: readonly Timer[] = []

  /** @param own the clock that it goes with */
  constructor(own: Clock) {
    this.#own = own
  }

  now(): number {
    return this.#holders > 0 ? this.#heldAt : this.#own.now() + this.#travelledMs
  }

  /** Only travelling takes time. */
  monotonic(): number {
    return this.#travelledMs
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#travelledMs + Math.max(0, Math.ceil(ms)), run }
    this.#timers = [...this.#timers, timer]
    return () => this.#drop(timer)
  }

  /** A promise is one turn long, and nobody's fake timers replace it. */
  turn(run: () => void): void {
    Promise.resolve().then(run)
  }

  breathe(run: () => void): void {
    this.turn(run)
  }

  /** The same chance in every run. */
  random(): number {
    return this.#random.next()
  }

  id(): string {
    return this.#own.id()
  }

  /** Stops the time while `body` goes on. */
  async hold<T>(body: () => Promise<T>): Promise<T> {
    if (this.#holders === 0) this.#heldAt = this.now()
    this.#holders++
    try {
      return await body()
    } finally {
      this.#holders--
    }
  }

  /** When the next timer fires; undefined when none waits. */
  get nextTimerAt(): number | undefined {
    const first = this.#nextTimer()
    return first && this.now() + first.at - this.#travelledMs
  }

  /**
   * Travels to an instant, in whole milliseconds, and fires the timers that are due then. Stop at `nextTimerAt` on the
   * way: each timer shall see its own moment.
   */
  async travelTo(at: number): Promise<void> {
    const ms = Math.max(0, Math.ceil(at - this.now()))
    this.#travelledMs += ms
    this.#heldAt += ms
    for (let timer = this.#nextTimer(); timer && timer.at <= this.#travelledMs; timer = this.#nextTimer()) {
      this.#drop(timer)
      timer.run()
      for (let turn = 0; turn < TURNS; turn++) await undefined
    }
  }

  /** Of the same moment, the one set first. */
  #nextTimer(): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.#timers) if (!first || timer.at < first.at) first = timer
    return first
  }

  #drop(timer: Timer): void {
    this.#timers = this.#timers.filter((other) => other !== timer)
  }
}
