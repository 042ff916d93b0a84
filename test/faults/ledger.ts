import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'

export interface Note {
  /** Milliseconds by a clock that all processes share. */
  readonly at: number
  /** The name of the program. */
  readonly who: string
  /**
   * A producer notes 'asked' before it enqueues, and then 'stored' or 'refused'. A worker notes 'begun', 'aborted' when
   * the signal of a run fires, and how the run ended unless it obeyed its signal: 'ended' or 'failed'.
   */
  readonly what: 'asked' | 'stored' | 'refused' | 'begun' | 'aborted' | 'failed' | 'ended'
  readonly id: string
  /** How long it took until an enqueue was refused. */
  readonly ms?: number
  /** The name of the error. */
  readonly name?: string
  readonly outcome?: 'none' | 'unknown'
  readonly message?: string
}

/** What all programs have noted: it knows what happened, whatever Redis and the library think of it. */
export class Ledger {
  readonly file: string
  readonly #notes: Note[] = []
  #offset = 0

  constructor(folder: string) {
    this.file = join(folder, 'ledger')
    closeSync(openSync(this.file, 'a'))
  }

  /** All notes so far. */
  get notes(): readonly Note[] {
    const text = this.#read()
    const whole = text.subarray(0, text.lastIndexOf('\n') + 1)
    this.#offset += whole.length
    for (const line of whole.toString().split('\n')) if (line !== '') this.#notes.push(JSON.parse(line))
    return this.#notes
  }

  of(what: Note['what'], id?: string): Note[] {
    return this.notes.filter((note) => note.what === what && (id === undefined || note.id === id))
  }

  /** What was added since it was read last. */
  #read(): Buffer {
    const file = openSync(this.file, 'r')
    const parts: Buffer[] = []
    for (let offset = this.#offset; ; ) {
      const part = Buffer.alloc(1 << 20)
      const size = readSync(file, part, 0, part.length, offset)
      if (size === 0) break
      parts.push(part.subarray(0, size))
      offset += size
    }
    closeSync(file)
    return Buffer.concat(parts)
  }
}
