import type { Clock } from './clock.ts'
import type { Draft } from './draft.ts'
import { hasCode, type StorageUnavailableError } from './errors.ts'
import type { Refusal, Storage } from './storage.ts'

/** Jobs that go to storage in one call: enough to make the call cheap, few enough not to hold up others. */
export const SLICE = 1_000

/**
 * Gathers the pushes of one turn of the event loop into one call of the storage. Each caller's promise still resolves
 * only when its own job is stored.
 */
export class GroupCommit {
  readonly #storage: () => Storage | Promise<Storage>
  readonly #clock: Clock
  readonly #client: string
  #pushes = 0
  /** The batch that is open for this turn, and the promise of what its callers are to hear. */
  #batch: Draft[] = []
  #answers: Promise<Answer[]> | undefined

  constructor(storage: () => Storage | Promise<Storage>, clock: Clock) {
    this.#storage = storage
    this.#clock = clock
    this.#client = clock.id()
  }

  /** Stores a job with the others of this turn. Answers what its caller is to hear. */
  add(draft: Draft): Promise<string | null> {
    if (this.#answers === undefined || this.#batch.length === SLICE) this.#openBatch()
    const index = this.#batch.push(draft) - 1
    // One promise and one function for each job: what is held for each of many waiting callers is what costs most.
    return (this.#answers as Promise<Answer[]>).then((answers) => told(answers[index] as Answer))
  }

  /** Stores jobs in one call, now. Answers what the caller of each is to hear, in order. */
  async push(drafts: readonly Draft[]): Promise<(string | null)[]> {
    const refusals = await this.#push(drafts)
    const answers: (string | null)[] = drafts.map(({ jid }) => jid)
    for (const { index, holder } of refusals) answers[index] = drafts[index]?.onConflict === 'jid' ? holder : null
    return answers
  }

  #openBatch(): void {
    const batch: Draft[] = []
    this.#batch = batch
    this.#answers = new Promise((resolve) => {
      this.#clock.turn(() => {
        if (this.#batch === batch) this.#answers = undefined
        resolve(this.#commit(batch))
      })
    })
  }

  async #push(drafts: readonly Draft[]): Promise<Refusal[]> {
    const id = { client: this.#client, number: ++this.#pushes }
    const storage = await this.#storage()
    try {
      return await storage.push(drafts, id)
    } catch (error) {
      // It may be stored although no answer came. The same number makes sure that it is not stored twice.
      if (isUnknown(error)) return storage.push(drafts, id).catch(() => Promise.reject(error))
      throw error
    }
  }

  /** A storage that is away is away for all. Any other failure may be one job's fault: each is tried by itself. */
  async #commit(drafts: readonly Draft[]): Promise<Answer[]> {
    try {
      return await this.push(drafts)
    } catch (error) {
      if (drafts.length === 1 || isForAll(error)) return drafts.map(() => new Failed(error))
    }
    const answers: Answer[] = []
    for (const draft of drafts) answers.push(...(await this.#commit([draft])))
    return answers
  }
}

/** What a caller is to hear: a jid, null, or an error. */
type Answer = string | null | Failed

class Failed {
  readonly error: unknown
  constructor(error: unknown) {
    this.error = error
  }
}

function told(answer: Answer): string | null {
  if (answer instanceof Failed) throw answer.error
  return answer
}

const isForAll = (error: unknown): boolean => hasCode(error, 'ERR_STORAGE_UNAVAILABLE') || hasCode(error, 'ERR_CLOSED')

const isUnknown = (error: unknown): boolean =>
  hasCode(error, 'ERR_STORAGE_UNAVAILABLE') && (error as StorageUnavailableError).outcome === 'unknown'
