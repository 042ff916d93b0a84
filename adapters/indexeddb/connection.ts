import { Handle, type HandleOptions } from './handle.ts'
import type { Memo } from './memo.ts'
import { STORES, type StoreName, type Transaction } from './schema.ts'
import { type Act, abort, type Durability, type Stepped, transact } from './transaction.ts'
import { isStale, unavailable } from './trouble.ts'

export interface ConnectionOptions extends HandleOptions {
  readonly durability: Durability
  /** How long a transaction may take. */
  readonly answerMs: number
  readonly memo: Memo
  /** Called when the database turns out to be another one than it was: all jobs in that one are gone. */
  readonly onLost: () => void
}

/** Does steps in a database, whatever becomes of its handle, of the page, and of the database itself. */
export class Connection {
  readonly #options: ConnectionOptions
  readonly #handle: Handle
  #epoch: string | undefined
  readonly #underWay = new Set<Transaction>()
  #thawed: Promise<void> | undefined
  #thaw = (): void => {}

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#handle = new Handle(options, (epoch) => this.#recognize(epoch))
    this.#epoch = options.memo.get('epoch')
  }

  /** Resolves when the database is open. Rejects with StorageUnavailableError when it does not open in time. */
  async open(): Promise<void> {
    await this.#handle.open()
  }

  /**
   * Does all of `act` in one transaction over these stores, and answers when that is committed. If the handle turns out
   * to be lost, and the transaction with it, `act` is called once more with another.
   */
  async step<T>(
    mode: IDBTransactionMode,
    act: Act<T>,
    stores: StoreName[] = STORES,
    durability: Durability = this.#options.durability,
  ): Promise<Stepped<T>> {
    const { clock, answerMs } = this.#options
    const means = { mode, stores, durability, clock, answerMs, underWay: this.#underWay }
    await this.#thawed
    const database = await this.#handle.open()
    const stepped = await transact(database, means, act).catch(async (error) => {
      if (!isStale(error)) throw unavailable(error)
      this.#handle.drop(database)
      try {
        await this.#thawed
        return await transact(await this.#handle.open(), means, act)
      } catch (again) {
        throw unavailable(again, error)
      }
    })
    this.#recognize(stepped.step.meta.epoch)
    return stepped
  }

  /**
   * Undoes what is under way, and begins nothing until `thaw`: a page that is frozen in the middle of a transaction holds
   * up all others. What was undone is done once more then.
   */
  freeze(): void {
    this.#thawed ??= new Promise((resolve) => {
      // No timer fires in a page that is frozen: this one was not, after all.
      const cancel = this.#options.clock.after(this.#options.answerMs, () => this.#thaw())
      this.#thaw = () => {
        cancel()
        this.#thawed = undefined
        resolve()
      }
    })
    for (const transaction of this.#underWay) abort(transaction)
  }

  thaw(): void {
    this.#thaw()
  }

  /** Ends when the transactions have that are under way. */
  close(): void {
    this.#thaw()
    this.#handle.close()
  }

  #recognize(epoch: string): void {
    const before = this.#epoch
    if (before === epoch) return
    this.#epoch = epoch
    this.#options.memo.set('epoch', epoch)
    if (before !== undefined) this.#options.onLost()
  }
}
