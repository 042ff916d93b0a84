/** Where an item stands in its list: by `at` first, then by `seq`. No two items of a list have the same position. */
export interface Position {
  readonly at: number
  readonly seq: number
}

/** Long enough that a million items are few chunks, short enough that moving half a chunk costs next to nothing. */
const CHUNK_LENGTH = 512

/**
 * A list that is always sorted, in chunks: nothing that happens to one item touches more than one chunk, so the
 * millionth job costs what the first did. It is to this storage what a key range is to IndexedDB and a sorted set to
 * Redis.
 *
 * No chunk is ever empty, and none grows beyond CHUNK_LENGTH. Chunks that shrink are not merged: there are never more
 * of them than items.
 */
export class SortedList<T extends Position> {
  readonly #chunks: T[][] = []
  #size = 0

  get size(): number {
    return this.#size
  }

  get first(): T | undefined {
    return this.#chunks[0]?.[0]
  }

  add(item: T): void {
    this.#size++
    const last = this.#chunks[this.#chunks.length - 1]
    if (last !== undefined && !isBefore(last[last.length - 1] as T, item)) this.#insert(item)
    else if (last !== undefined && last.length < CHUNK_LENGTH) last.push(item)
    else this.#chunks.push([item])
  }

  /** Takes the first item out. */
  shift(): T | undefined {
    const chunk = this.#chunks[0]
    if (chunk === undefined) return undefined
    const item = chunk.shift()
    if (chunk.length === 0) this.#chunks.shift()
    this.#size--
    return item
  }

  /** Takes the item at this position out, if there is one. */
  delete(position: Position): T | undefined {
    const [number, index] = this.#locate(position)
    const chunk = this.#chunks[number] ?? []
    const item = chunk[index]
    if (item === undefined || !isAt(item, position)) return undefined
    chunk.splice(index, 1)
    if (chunk.length === 0) this.#chunks.splice(number, 1)
    this.#size--
    return item
  }

  /** The items from one index up to but not including another. */
  slice(from: number, to: number): T[] {
    const items: T[] = []
    let start = 0
    for (const chunk of this.#chunks) {
      if (start >= to) break
      if (start + chunk.length > from) items.push(...chunk.slice(Math.max(0, from - start), to - start))
      start += chunk.length
    }
    return items
  }

  /** Up to `limit` items behind a position, whether an item stands at that position or not any more. */
  after(position: Position, limit: number): T[] {
    const items: T[] = []
    let [number, index] = this.#locate(position)
    for (; number < this.#chunks.length && items.length < limit; number++, index = 0) {
      const rest = (this.#chunks[number] as T[]).slice(index)
      if (isAt(rest[0] as T, position)) rest.shift()
      items.push(...rest.slice(0, limit - items.length))
    }
    return items
  }

  *[Symbol.iterator](): Generator<T, void, undefined> {
    for (const chunk of this.#chunks) for (const item of chunk) yield item
  }

  clear(): void {
    this.#chunks.length = 0
    this.#size = 0
  }

  /** Only for an item that does not belong at the end. */
  #insert(item: T): void {
    const [number, index] = this.#locate(item)
    const chunk = this.#chunks[number] as T[]
    chunk.splice(index, 0, item)
    if (chunk.length > CHUNK_LENGTH) this.#chunks.splice(number + 1, 0, chunk.splice(CHUNK_LENGTH / 2))
  }

  /** The first item that is not before `position`: the number of its chunk, and its index in there. */
  #locate(position: Position): [number: number, index: number] {
    const chunks = this.#chunks
    const number = firstIndex(chunks.length, (n) => !isBefore((chunks[n] as T[]).at(-1) as T, position))
    const chunk = chunks[number] ?? []
    return [number, firstIndex(chunk.length, (index) => !isBefore(chunk[index] as T, position))]
  }
}

const isAt = (item: Position, { at, seq }: Position): boolean => item.at === at && item.seq === seq

const isBefore = (a: Position, b: Position): boolean => a.at < b.at || (a.at === b.at && a.seq < b.seq)

/** The first index for which `test` holds, which must hold for all that follow; `length` if there is none. */
function firstIndex(length: number, test: (index: number) => boolean): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >> 1
    if (test(middle)) high = middle
    else low = middle + 1
  }
  return low
}
