import { wrap } from 'idb'
import type { Clock } from '../../src/clock.ts'
import { ClosedError, StorageUnavailableError } from '../../src/errors.ts'
import { type Database, UPGRADES, type Upgrade } from './schema.ts'
import { notOpened } from './trouble.ts'

export interface HandleOptions {
  readonly name: string
  readonly factory: IDBFactory
  readonly clock: Clock
  /** How long opening may take. */
  readonly openMs: number
  readonly upgrades?: readonly Upgrade[] | undefined
}

/** A handle on a database, which may be lost at any time: it is opened when needed, and again after it was lost. */
export class Handle {
  readonly #options: HandleOptions
  readonly #onNew: (epoch: string) => void
  #database: Database | undefined
  #opening: Promise<Database> | undefined
  #isBlocked = false
  #isClosed = false

  /** @param onNew is told the name of a database's life that begins with this opening */
  constructor(options: HandleOptions, onNew: (epoch: string) => void) {
    this.#options = options
    this.#onNew = onNew
  }

  /** Opens the database, if it is not open. Rejects with StorageUnavailableError when it does not open in time. */
  async open(): Promise<Database> {
    if (this.#isClosed) throw new ClosedError('The storage is closed: open it again to go on.')
    // A first open that never answers is a flaw of some Safaris. The second one answers.
    const database = this.#database ?? (await this.#openInTime()) ?? (await this.#openInTime())
    if (database) return database
    throw new StorageUnavailableError(this.#whyNot())
  }

  /** Lets go of one that is lost. */
  drop(database: Database): void {
    database.close()
    if (this.#database !== database) return
    this.#database = undefined
    this.#opening = undefined
  }

  /** Ends when the transactions have that are under way. */
  close(): void {
    this.#isClosed = true
    if (this.#database) this.drop(this.#database)
  }

  /** Undefined when it takes too long. */
  #openInTime(): Promise<Database | undefined> {
    const { clock, openMs } = this.#options
    const opening = this.#opening ?? this.#begin()
    this.#opening = opening
    const forget = () => {
      if (this.#opening === opening) this.#opening = undefined
    }
    return new Promise((resolve, reject) => {
      const cancel = clock.after(openMs, () => {
        // One that is blocked opens as soon as the other page is gone. Another would stand in line behind it.
        if (!this.#isBlocked) forget()
        resolve(undefined)
      })
      opening.then(resolve, reject).finally(cancel)
      opening.catch(forget)
    })
  }

  async #begin(): Promise<Database> {
    this.#isBlocked = false
    try {
      let begun: string | undefined
      const request = this.#request((epoch) => {
        begun = epoch
      })
      const database = (await wrap(request)) as unknown as Database
      this.#adopt(database, request.result)
      if (begun) this.#onNew(begun)
      return database
    } catch (error) {
      throw notOpened(this.#options.name, error)
    }
  }

  #request(onBegin: (epoch: string) => void): IDBOpenDBRequest {
    const { factory, name, clock, upgrades = UPGRADES } = this.#options
    const request = factory.open(name, upgrades.length)
    request.onblocked = () => {
      this.#isBlocked = true
    }
    request.onupgradeneeded = ({ oldVersion }) => {
      const transaction = request.transaction as IDBTransaction
      const epoch = clock.id()
      if (oldVersion === 0) onBegin(epoch)
      for (const upgrade of upgrades.slice(oldVersion)) upgrade(request.result, transaction, epoch)
    }
    return request
  }

  #adopt(database: Database, raw: IDBDatabase): void {
    // One that was given up may open after all.
    if (this.#isClosed || this.#database) {
      database.close()
      return
    }
    this.#database = database
    // Whoever wants another version, or deletes the database, waits until all have closed. When the browser itself closes
    // the handle, the next transaction tells.
    raw.onversionchange = () => this.drop(database)
  }

  #whyNot(): string {
    const { name, openMs } = this.#options
    if (this.#isBlocked) {
      return `The database '${name}' waits for another tab of this site that still uses an older version of it: close or reload that tab.`
    }
    return `The database '${name}' did not open within ${openMs} ms, twice. Reload the page.`
  }
}
