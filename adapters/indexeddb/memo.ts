import type { IndexedDBOptions } from './options.ts'

/** What of localStorage is needed here, so that tests can hand in their own. */
export type LocalStorage = Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem'>

/** `epoch`: the name of the database's life. `resigned`: who performed last, and does no more. */
type Note = 'epoch' | 'resigned'

/**
 * What is to be known when IndexedDB is gone, or cannot be asked in time: in localStorage, under the database's name.
 * Workers have none, and some browsers refuse it: then nothing is known.
 */
export class Memo {
  readonly #options: IndexedDBOptions
  readonly #database: string

  constructor(options: IndexedDBOptions, database: string) {
    this.#options = options
    this.#database = database
  }

  get(note: Note): string | undefined {
    return this.#try((place) => place.getItem(this.#key(note))) ?? undefined
  }

  set(note: Note, text: string): void {
    this.#try((place) => place.setItem(this.#key(note), text))
  }

  clear(): void {
    for (const note of ['epoch', 'resigned'] as const) this.#try((place) => place.removeItem(this.#key(note)))
  }

  #key(note: Note): string {
    return `${this.#database}:${note}`
  }

  /** Even looking whether it is there throws where it is refused. */
  #try<T>(use: (place: LocalStorage) => T): T | undefined {
    try {
      const { localStorage = globalThis.localStorage } = this.#options
      return localStorage ? use(localStorage) : undefined
    } catch {
      return undefined
    }
  }
}
