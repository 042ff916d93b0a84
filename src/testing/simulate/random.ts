/** Chance from a seed. Each concern draws from a stream of its own: one draw more in one shifts nothing in the others. */
export class Random {
  #state: number

  constructor(seed: number, concern: string) {
    // FNV-1a: seeds that are neighbours shall have nothing in common.
    let hash = 0x811c9dc5
    for (const character of `${concern} ${seed}`) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
    this.#state = hash
  }

  /** A number from 0 up to but not including 1. Mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  between(from: number, to: number): number {
    return from + this.next() * (to - from)
  }

  /** A whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1))
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(list: readonly [T, ...T[]]): T
  pick<T>(list: readonly T[]): T | undefined
  pick<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(this.next() * list.length)]
  }

  /** Around `mean`, mostly less and sometimes much more: how waiting times are. */
  about(mean: number): number {
    return -Math.log(1 - this.next()) * mean
  }
}
