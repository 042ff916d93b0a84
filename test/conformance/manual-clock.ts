import type { Clock } from '../../src/clock.ts'

interface Timer {
  readonly at: number
  readonly run: () => void
}

/** Enough turns for what a timer has set off to come to rest. */
const TURNS = 20

/** A clock that stands still until it is told to go on: timers fire in order, and chance is the same in every run. */
export class ManualClock implements Clock {
  #passedMs = 0
  #now: number
  #seed: number
  #ids = 0
  #timers: Timer[] = []

  constructor(now: number = Date.UTC(2026, 0, 1, 12), seed = 1) {
    this.#now = now
    this.#seed = seed
  }

  now(): number {
    return this.#now
  }

  monotonic(): number {
    return this.#passedMs
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#passedMs + Math.max(0, ms), run }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer)
    }
  }

  turn(run: () => void): void {
    queueMicrotask(run)
  }

  breathe(run: () => void): void {
    queueMicrotask(run)
  }

  /** Mulberry32. */
  random(): number {
    this.#seed = (this.#seed + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** Counted, so that no two are the same; mixed with chance, so that their order tells nothing. */
  id(): string {
    const chance = Math.floor(this.random() * 2 ** 32)
    return chance.toString(16).padStart(8, '0') + (++this.#ids).toString(16).padStart(16, '0')
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.#timers.length
  }

  /** Lets time pass. Each timer on the way fires at its own moment, also those set meanwhile. */
  async advance(ms: number): Promise<void> {
    const end = this.#passedMs + ms
    await rest()
    for (let timer = this.#next(end); timer; timer = this.#next(end)) {
      this.#timers = this.#timers.filter((other) => other !== timer)
      this.#pass(Math.max(0, timer.at - this.#passedMs))
      timer.run()
      await rest()
    }
    this.#pass(end - this.#passedMs)
  }

  /** Sets the wall clock, as a user or a time server would; no timer notices. */
  jumpTo(now: number): void {
    this.#now = now
  }

  #pass(ms: number): void {
    this.#passedMs += ms
    this.#now += ms
  }

  /** The first of those that fire by then; of the same moment, the one set first. */
  #next(end: number): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.#timers) if (timer.at <= end && (!first || timer.at < first.at)) first = timer
    return first
  }
}

async function rest(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await undefined
}
