import { memoryStorage } from '../../../adapters/memory/index.ts'
import { StorageUnavailableError, toError } from '../../errors.ts'
import { silentLogger } from '../../logger.ts'
import type { OpenStorage, Storage, Wake } from '../../storage.ts'
import type { Agenda } from './agenda.ts'
import { Books } from './books/books.ts'
import { type Call, isReading, make, type Outcome } from './call.ts'
import type { Chronicle } from './chronicle.ts'
import { BEGINNING, Life } from './life.ts'
import type { Faults } from './plan.ts'
import { Random } from './random.ts'

type Reply = (outcome: Outcome) => void

const DEAD_LIMITS = { max: 10_000, forMs: 180 * 86_400_000 }

/** How the store's state is marked, so that after a restart its counters can be brought to where they were. */
const MARK = 'simulate: counters'

/**
 * The store that all processes share: a real storage, which may be away, and which after a restart knows only what was
 * durable. It keeps books of all that it does, and every call must add up.
 */
export class Server {
  readonly books: Books
  readonly #agenda: Agenda
  readonly #chronicle: Chronicle
  readonly #faults: Faults
  readonly #life: Life
  readonly #makeStorage: () => OpenStorage
  readonly #listeners = new Set<(wake: Wake) => void>()
  #storage!: Storage
  #isUp = true
  #isHealed = false
  /** While the past is executed again: the time that it was then. */
  #replayedAt: number | undefined
  #journal: Call[] = []
  #durable = 0
  #flush: (() => void) | undefined
  #unsaid: { readonly after: number; readonly reply: Reply; readonly outcome: Outcome }[] = []

  constructor(
    agenda: Agenda,
    chronicle: Chronicle,
    faults: Faults,
    seed: number,
    makeStorage: () => OpenStorage = memoryStorage,
  ) {
    this.#agenda = agenda
    this.#chronicle = chronicle
    this.#faults = faults
    this.#makeStorage = makeStorage
    this.#life = new Life('store', agenda, new Random(seed, 'store'), { skewMs: 0, rate: 1 })
    this.books = new Books(chronicle)
  }

  async open(): Promise<void> {
    const clock = { ...this.#life.clock, now: () => this.now }
    this.#storage = await this.#makeStorage()({ clock, logger: silentLogger, namespace: '', dead: DEAD_LIMITS })
    this.#storage.subscribe?.((wake) => {
      if (this.#replayedAt === undefined) for (const listener of this.#listeners) listener(wake)
    })
  }

  get now(): number {
    return this.#replayedAt ?? this.#life.clock.now()
  }

  /** Milliseconds since the beginning, by the store's clock. */
  get age(): number {
    return this.now - BEGINNING
  }

  subscribe(listener: (wake: Wake) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  setClock(byMs: number): void {
    this.#life.setClock(byMs)
  }

  /** Executes a call and replies: at once, or when what it did is durable. */
  async handle(from: string, asked: Pick<Call, 'method' | 'args'>, reply: Reply): Promise<void> {
    if (!this.#isUp) return reply({ error: new StorageUnavailableError('the store is down', { outcome: 'none' }) })
    const call = { ...asked, from, now: this.now } as Call
    const outcome = await this.#execute(call)
    if (this.#loses && !isReading(call.method)) this.#log(call)
    if (!this.#loses || this.#faults.answersEarly || this.#durable === this.#journal.length) reply(outcome)
    else this.#unsaid.push({ after: this.#journal.length, reply, outcome })
  }

  /** Cannot be reached for a while. */
  goDown(forMs: number): void {
    if (!this.#isUp) return
    this.#isUp = false
    this.#agenda.add(forMs, () => {
      this.#isUp = true
    })
  }

  /** Falls over and starts again: what was executed and not durable never was. */
  async restart(downMs: number): Promise<void> {
    if (!this.#isUp) return
    this.goDown(downMs)
    for (const { reply } of this.#unsaid.splice(0)) reply({ error: new StorageUnavailableError('cut', UNKNOWN) })
    const lost = this.#journal.splice(this.#durable)
    this.#chronicle.tell('store', `falls over; ${lost.length} calls were not durable`)
    if (lost.length > 0) await this.#goBack()
  }

  heal(): void {
    this.#isUp = true
    this.#isHealed = true
    this.#save()
  }

  get #loses(): boolean {
    return this.#faults.restartEveryMs > 0 && this.#faults.flushEveryMs > 0 && !this.#isHealed
  }

  async #execute(call: Call): Promise<Outcome> {
    const outcome = await make(this.#storage, call).then(
      (answer) => ({ answer }),
      (error: unknown) => ({ error: toError(error) }),
    )
    await this.books.enter(this.#storage, call, outcome)
    return outcome
  }

  #log(call: Call): void {
    this.#journal.push(call)
    this.#flush ??= this.#agenda.add(this.#faults.flushEveryMs, () => this.#save())
  }

  #save(): void {
    this.#flush = undefined
    this.#durable = this.#journal.length
    for (const { reply, outcome } of this.#unsaid.splice(0)) reply(outcome)
  }

  async #goBack(): Promise<void> {
    const numbers = await this.#countersOf(this.#storage)
    await this.open()
    this.books.startAgain()
    for (const call of this.#journal) {
      this.#replayedAt = call.now
      await this.#execute(call)
    }
    this.#replayedAt = undefined
    await this.#catchUp(numbers)
    this.books.caughtUp()
  }

  /** The store's counters, as far as they show: versions of documents are drawn from where tokens are. */
  async #countersOf(storage: Storage): Promise<number> {
    await storage.writeDocument(MARK, '', (await storage.readDocument(MARK))?.version ?? 0)
    return (await storage.readDocument(MARK))?.version ?? 0
  }

  /** A storage that may go back in time has to give no token twice. Memory never does, so it is helped here. */
  async #catchUp(numbers: number): Promise<void> {
    let version = (await this.#storage.readDocument(MARK))?.version ?? 0
    while (version < numbers) {
      const call: Call = { from: 'store', method: 'writeDocument', args: [MARK, '', version], now: this.now }
      await make(this.#storage, call)
      this.#journal.push(call)
      version = (await this.#storage.readDocument(MARK))?.version ?? numbers
    }
    this.#durable = this.#journal.length
  }
}

const UNKNOWN = { outcome: 'unknown' } as const
