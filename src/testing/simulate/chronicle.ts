/** Everything that happened, line by line. Only its hash is kept, until somebody wants to read the story. */
export class Chronicle {
  readonly #lines: string[] | undefined
  readonly #now: () => number
  #low = 0xdeadbeef
  #high = 0x41c6ce57

  constructor(now: () => number, isKept: boolean) {
    this.#now = now
    this.#lines = isKept ? [] : undefined
  }

  tell(who: string, what: string): void {
    const line = `${instant(this.#now())}  ${who.padEnd(10)}${what}`
    this.#mix(line)
    this.#lines?.push(line)
  }

  /** The same for the same story: 53 bits (cyrb53). */
  get hash(): string {
    const low =
      Math.imul(this.#low ^ (this.#low >>> 16), 2246822507) ^ Math.imul(this.#high ^ (this.#high >>> 13), 3266489909)
    const high =
      Math.imul(this.#high ^ (this.#high >>> 16), 2246822507) ^ Math.imul(this.#low ^ (this.#low >>> 13), 3266489909)
    return (4294967296 * (2097151 & high) + (low >>> 0)).toString(16).padStart(14, '0')
  }

  get lines(): readonly string[] {
    return this.#lines ?? []
  }

  #mix(line: string): void {
    for (let index = 0; index < line.length; index++) {
      const code = line.charCodeAt(index)
      this.#low = Math.imul(this.#low ^ code, 2654435761)
      this.#high = Math.imul(this.#high ^ code, 1597334677)
    }
  }
}

/** 754321 as 12:34.321 */
function instant(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  const seconds = ((ms % 60_000) / 1_000).toFixed(3)
  return `${String(minutes).padStart(2, '0')}:${seconds.padStart(6, '0')}`
}

/** Enough of a jid to tell it from the others of one run. */
export const short = (jid: string): string => jid.slice(-6)
