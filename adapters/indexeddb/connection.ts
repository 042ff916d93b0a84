import { wrap } from 'idb'
import type { Clock } from '../../src/clock.ts'
import { ClosedError, StorageUnavailableError } from '../../src/errors.ts'
import { type Database, STORES, type StoreName, UPGRADES, type Upgrade } from './schema.ts'
import { type Act, type Stepped, transact } from './transaction.ts'
import { isStale, notOpened, unavailable } from './trouble.ts'

export interface ConnectionOptions {
  readonly name: string
  readonly factory: IDBFactory
  readonly clock: Clock
  readonly durability: 'relaxed' | 'strict'
  /** How long opening may take. */
  readonly openMs: number
  readonly upgrades?: readonly Upgrade[] | undefined
  /** Called when the database turns out to be another one than it was: all jobs in the old one are gone. */
  readonly onLost: () => void
}

/** A handle on a database, which may be lost at any time: it is opened when needed, and again after it was lost. */
export class Connection {
  readonly #options: ConnectionOptions
  #database: Database | undefined
  #opening: Promise<Database> | undefined
  #isBlocked = false
  #isClosed = false
  #epoch: string | undefined

  constructor(options: ConnectionOptions) {
    this.#options = options
  }

  /** Opens the database, if it is not open. Rejects with StorageUnavailableError when it does not open in time. */
  async open(): Promise<Database> {
    if (this.#isClosed) throw new ClosedError('The storage is closed: open it again to go on.')
    // A first open that never answers is a flaw of some Safaris. The second one answers.
    const database = this.#database ?? (await this.#openInTime()) ?? (await this.#openInTime())
    if (database) return database
    throw new StorageUnavailableError(this.#whyNot())
  }

  /**
   * Does all of `act` in one transaction over these stores, and answers when that is committed. If the handle turns out
   * to be lost, and the transaction with it, `act` is called once more with another.
   */
  async step<T>(mode: IDBTransactionMode, act: Act<T>, stores: StoreName[] = STORES): Promise<Stepped<T>> {
    const { clock, durability } = this.#options
    const means = { mode, stores, durability, clock }
    const database = await this.open()
    const stepped = await transact(database, means, act).catch(async (error) => {
      if (!isStale(error)) throw unavailable(error)
      this.#drop(database)
      try {
        return await transact(await this.open(), means, act)
      } catch (again) {
        throw unavailable(again, error)
      }
    })
    this.#recognize(stepped.step.meta.epoch)
    return stepped
  }

  /** Ends when the transactions have that are under way. */
  close(): void {
    this.#isClosed = true
    if (this.#database) this.#drop(this.#database)
  }

  #recognize(epoch: string): void {
    if (this.#epoch !== undefined && this.#epoch !== epoch) this.#options.onLost()
    this.#epoch = epoch
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
      const request = this.#request()
      const database = (await wrap(request)) as unknown as Database
      this.#adopt(database, request.result)
      return database
    } catch (error) {
      throw notOpened(this.#options.name, error)
    }
  }

  #request(): IDBOpenDBRequest {
    const { factory, name, clock, upgrades = UPGRADES } = this.#options
    const request = factory.open(name, upgrades.length)
    request.onblocked = () => {
      this.#isBlocked = true
    }
    request.onupgradeneeded = ({ oldVersion }) => {
      const transaction = request.transaction as IDBTransaction
      const epoch = clock.id()
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
    raw.onversionchange = () => this.#drop(database)
  }

  #drop(database: Database): void {
    database.close()
    if (this.#database !== database) return
    this.#database = undefined
    this.#opening = undefined
  }

  #whyNot(): string {
    const { name, openMs } = this.#options
    if (this.#isBlocked) {
      return `The database '${name}' waits for another tab of this site that still uses an older version of it: close or reload that tab.`
    }
    return `The database '${name}' did not open within ${openMs} ms, twice. Reload the page.`
  }
}
