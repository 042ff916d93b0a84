import { type Position, SortedList } from './sorted-list.ts'

interface Kept<V> extends Position {
  readonly key: string
  readonly value: V
}

/**
 * A map whose entries end at an instant of their own. There is no timer: each look drops what has ended before it, and
 * what ends first stands first, so nobody ever pays for more than what was once put in.
 */
export class ExpiringMap<V> {
  readonly #byKey = new Map<string, Kept<V>>()
  readonly #byEnd = new SortedList<Kept<V>>()
  #seq = 0

  get(key: string, now: number): V | undefined {
    this.#dropEnded(now)
    return this.#byKey.get(key)?.value
  }

  set(key: string, value: V, endsAt: number, now: number): void {
    this.#dropEnded(now)
    this.delete(key)
    const kept = { at: endsAt, seq: ++this.#seq, key, value }
    this.#byKey.set(key, kept)
    this.#byEnd.add(kept)
  }

  delete(key: string): void {
    const kept = this.#byKey.get(key)
    if (kept === undefined) return
    this.#byKey.delete(key)
    this.#byEnd.delete(kept)
  }

  clear(): void {
    this.#byKey.clear()
    this.#byEnd.clear()
  }

  #dropEnded(now: number): void {
    while ((this.#byEnd.first?.at ?? Number.POSITIVE_INFINITY) <= now) this.#dropFirst()
  }

  #dropFirst(): void {
    const first = this.#byEnd.shift()
    if (first !== undefined) this.#byKey.delete(first.key)
  }
}
