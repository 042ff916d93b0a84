import type { Random } from './random.ts'

interface Appointment {
  readonly at: number
  /** Decides among those of the same instant: nothing may rely on their order. */
  readonly tie: number
  readonly run: () => unknown
  isOff: boolean
}

/** What will happen, soonest first: a heap. Time stands still while something happens, and leaps from one to the next. */
export class Agenda {
  #now = 0
  readonly #heap: Appointment[] = []
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  /** Virtual milliseconds since the beginning. */
  get now(): number {
    return this.#now
  }

  /** Calls `run` in `delayMs` milliseconds. Answers a function that cancels. */
  add(delayMs: number, run: () => unknown): () => void {
    const appointment = { at: this.#now + Math.max(0, delayMs), tie: this.#random.next(), run, isOff: false }
    this.#heap.push(appointment)
    this.#rise(this.#heap.length - 1)
    return () => {
      appointment.isOff = true
    }
  }

  /** Moves time to what comes next, and answers it; undefined when nothing will ever happen again. */
  next(): (() => unknown) | undefined {
    for (let first = this.#shift(); first; first = this.#shift()) {
      if (first.isOff) continue
      this.#now = first.at
      return first.run
    }
    return undefined
  }

  #shift(): Appointment | undefined {
    const [first] = this.#heap
    const last = this.#heap.pop()
    if (first === undefined || last === undefined || first === last) return first
    this.#heap[0] = last
    this.#sink()
    return first
  }

  #rise(index: number): void {
    const heap = this.#heap
    for (let child = index; child > 0; ) {
      const parent = (child - 1) >> 1
      if (!isBefore(heap[child], heap[parent])) return
      ;[heap[child], heap[parent]] = [heap[parent] as Appointment, heap[child] as Appointment]
      child = parent
    }
  }

  #sink(): void {
    const heap = this.#heap
    for (let parent = 0; ; ) {
      const left = 2 * parent + 1
      const child = isBefore(heap[left + 1], heap[left]) ? left + 1 : left
      if (!isBefore(heap[child], heap[parent])) return
      ;[heap[child], heap[parent]] = [heap[parent] as Appointment, heap[child] as Appointment]
      parent = child
    }
  }
}

function isBefore(a: Appointment | undefined, b: Appointment | undefined): boolean {
  if (a === undefined || b === undefined) return false
  return a.at < b.at || (a.at === b.at && a.tie < b.tie)
}
