import type { Clock } from '../../clock.ts'
import type { Agenda } from './agenda.ts'
import type { Random } from './random.ts'

/** When the simulated world begins. */
export const BEGINNING: number = Date.UTC(2026, 0, 1, 12)

/**
 * A process from its start to its end. What is to happen in it happens only while it lives, and waits while it is
 * frozen: a dead one's timers and answers never come, as after SIGKILL.
 */
export class Life {
  readonly name: string
  readonly clock: Clock
  readonly #agenda: Agenda
  readonly #frozen: (() => void)[] = []
  readonly #rate: number
  #skewMs: number
  #isFrozen = false
  #isDead = false
  #waiting = 0

  constructor(name: string, agenda: Agenda, random: Random, { skewMs, rate }: { skewMs: number; rate: number }) {
    this.name = name
    this.#agenda = agenda
    this.#rate = rate
    this.#skewMs = skewMs
    this.clock = this.#clockOf(random)
  }

  get isDead(): boolean {
    return this.#isDead
  }

  get isFrozen(): boolean {
    return this.#isFrozen
  }

  /** Timers that were set and have neither fired nor been cancelled. */
  get waiting(): number {
    return this.#waiting
  }

  /** Lets something happen in this process, in so many milliseconds of true time. Answers a function that cancels. */
  later(delayMs: number, run: () => void): () => void {
    return this.#agenda.add(delayMs, () => this.#meet(run))
  }

  end(): void {
    this.#isDead = true
    this.#frozen.length = 0
  }

  freeze(): void {
    this.#isFrozen = true
  }

  /** All that was due meanwhile happens now. */
  thaw(): void {
    this.#isFrozen = false
    for (const run of this.#frozen.splice(0)) this.later(0, run)
  }

  /** Sets the wall clock; no timer notices. */
  setClock(byMs: number): void {
    this.#skewMs += byMs
  }

  /** Answers false when nothing happened. */
  #meet(run: () => void): boolean {
    if (this.#isDead) return false
    if (this.#isFrozen) this.#frozen.push(run)
    else run()
    return !this.#isFrozen
  }

  #clockOf(random: Random): Clock {
    const monotonic = () => this.#agenda.now * this.#rate
    let ids = 0
    return {
      monotonic,
      now: () => Math.floor(BEGINNING + this.#skewMs + monotonic()),
      after: (ms, run) => this.#timer(ms / this.#rate, run),
      turn: (run) => {
        Promise.resolve().then(run)
      },
      breathe: (run) => {
        this.later(0, run)
      },
      random: () => random.next(),
      // Chance at both ends, by which they are told apart; counted, so that no two are the same.
      id: () => hex(random) + (++ids).toString(16).padStart(8, '0') + hex(random),
    }
  }

  #timer(ms: number, run: () => void): () => void {
    let isOver = false
    const end = () => {
      if (!isOver) this.#waiting--
      isOver = true
    }
    this.#waiting++
    const cancel = this.later(ms, () => {
      if (isOver) return // cancelled while it waited for the thaw
      end()
      run()
    })
    return () => {
      end()
      cancel()
    }
  }
}

const hex = (random: Random): string =>
  Math.floor(random.next() * 2 ** 32)
    .toString(16)
    .padStart(8, '0')
