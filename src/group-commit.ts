import type { Ground } from './context.ts'
import type { Draft } from './draft.ts'
import { hasCode, type StorageUnavailableError } from './errors.ts'
import type { KnownJids } from './known-jids.ts'
import type { Entry, Refusal } from './storage.ts'

/** Jobs that go to storage in one call: enough to make the call cheap, few enough not to hold up others. */
export const SLICE = 1_000

/** A push whose answer was lost is repeated if so little time has gone: otherwise its caller has waited long enough. */
const REPEATED_WITHIN_MS = 250

/** The jobs of one turn that are to survive the same, and the promise of what their callers are to hear. */
interface Batch {
  readonly drafts: Draft[]
  readonly ground: Ground
  readonly answers: Promise<Answer[]>
}

/**
 * Gathers the pushes of one turn of the event loop into one call of the storage, or one for each durability. Each caller's promise still resolves
 * only when its own job is stored.
 */
export class GroupCommit {
  readonly #client: string
  readonly #known: KnownJids
  #pushes = 0
  /** One for each durability: jobs that the storage must write with more care are not to slow the others. */
  readonly #open = new Map<Entry['durability'], Batch>()

  /**
   * @param client an id of its own, for the numbers of its pushes
   * @param known is told what its callers hear
   */
  constructor(client: string, known: KnownJids) {
    this.#client = client
    this.#known = known
  }

  /** Stores a job with the others of this turn. Answers what its caller is to hear. */
  add(draft: Draft, ground: Ground): Promise<string | null> {
    const { durability } = draft
    const open = this.#open.get(durability)
    const isFit = open && open.ground === ground && open.drafts.length < SLICE
    const batch = isFit ? open : this.#openBatch(ground, durability)
    const index = batch.drafts.push(draft) - 1
    return batch.answers.then(teller(index))
  }

  /** Stores jobs in one call, now. Answers what the caller of each is to hear, in order. */
  async push(drafts: readonly Draft[], ground: Ground): Promise<(string | null)[]> {
    const refusals = await this.#push(drafts, ground)
    const answers: (string | null)[] = drafts.map(({ jid }) => jid)
    for (const { index, holder } of refusals) answers[index] = drafts[index]?.onConflict === 'jid' ? holder : null
    for (const jid of answers) if (jid !== null) this.#known.add(jid)
    return answers
  }

  #openBatch(ground: Ground, durability: Entry['durability']): Batch {
    const drafts: Draft[] = []
    const answers = new Promise<Answer[]>((resolve) => {
      ground.clock.turn(() => {
        if (this.#open.get(durability) === batch) this.#open.delete(durability)
        resolve(this.#commit(drafts, ground))
      })
    })
    const batch = { drafts, ground, answers }
    this.#open.set(durability, batch)
    return batch
  }

  async #push(drafts: readonly Draft[], ground: Ground): Promise<Refusal[]> {
    const id = { client: this.#client, number: ++this.#pushes }
    const storage = await ground.storage()
    const askedAt = ground.clock.monotonic()
    const entries = aged(drafts, askedAt)
    try {
      return await storage.push(entries, id)
    } catch (error) {
      const isEarly = ground.clock.monotonic() - askedAt <= REPEATED_WITHIN_MS
      // It may be stored although no answer came. The same number makes sure that it is not stored twice.
      if (isEarly && isUnknown(error)) return storage.push(entries, id).catch(() => Promise.reject(error))
      throw error
    }
  }

  /** A storage that is away is away for all. Any other failure may be one job's fault: each is tried by itself. */
  async #commit(drafts: readonly Draft[], ground: Ground): Promise<Answer[]> {
    try {
      return await this.push(drafts, ground)
    } catch (error) {
      if (drafts.length === 1 || isForAll(error)) return drafts.map(() => new Failed(error))
    }
    const answers: Answer[] = []
    for (const draft of drafts) answers.push(...(await this.#commit([draft], ground)))
    return answers
  }
}

/** What is for later, less the time that has gone since it was drafted: in middleware, in this turn, while opening. */
function aged(drafts: readonly Draft[], now: number): readonly Draft[] {
  if (!drafts.some(({ delayMs }) => delayMs > 0)) return drafts
  return drafts.map((draft) => {
    const { delayMs, draftedAt } = draft
    return delayMs > 0 ? { ...draft, delayMs: Math.max(1, delayMs - (now - draftedAt)) } : draft
  })
}

/** What a caller is to hear: a jid, null, or an error. */
type Answer = string | null | Failed

class Failed {
  readonly error: unknown
  constructor(error: unknown) {
    this.error = error
  }
}

/** One function for each place in a batch, made once: what is held for each of many waiting callers costs most. */
const tellers: ((answers: readonly Answer[]) => string | null)[] = []

function teller(index: number): (answers: readonly Answer[]) => string | null {
  tellers[index] ??= (answers) => told(answers[index] as Answer)
  return tellers[index]
}

function told(answer: Answer): string | null {
  if (answer instanceof Failed) throw answer.error
  return answer
}

const isForAll = (error: unknown): boolean => hasCode(error, 'ERR_STORAGE_UNAVAILABLE') || hasCode(error, 'ERR_CLOSED')

const isUnknown = (error: unknown): boolean =>
  hasCode(error, 'ERR_STORAGE_UNAVAILABLE') && (error as StorageUnavailableError).outcome === 'unknown'
