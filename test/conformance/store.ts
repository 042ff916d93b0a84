import type { Recovery, Storage, StorageSettings } from '../../src/storage.ts'
import { DAY, LEASE, SECOND } from './time.ts'
import { TestWorker } from './workers.ts'

/** What a harness is asked to open. It adds the clock and the logger. */
export type StoreSettings = Pick<StorageSettings, 'namespace' | 'dead'>

/** One store, made for one test. An adapter's test file tells how. */
export interface Harness {
  /** Opens the store. Called several times, also for the same namespace: those are two connections to the same jobs. */
  open(settings: StoreSettings): Promise<Storage> | Storage
  /** Moves the store's own time forward. It may go on by itself, too. */
  advance(ms: number): Promise<void> | void
  /** Where the store sees more of a worker than its lease: makes it see that this one is dead. Its lease ends, too. */
  lose?(worker: string): Promise<void> | void
  /** Ends and forgets everything, when the test is over and all that was opened is closed. */
  destroy?(): Promise<void> | void
}

/** What a test is given. */
export interface Store {
  /** The first connection. */
  readonly storage: Storage
  /** Another connection: to the same jobs, unless it names another namespace. */
  connect(settings?: Partial<StoreSettings>): Promise<Storage>
  worker(id: string, options?: { readonly storage?: Storage; readonly leaseMs?: number }): TestWorker
  advance(ms: number): Promise<void>
  /** Lets time pass, while these workers beat three times a lease. */
  live(ms: number, ...workers: TestWorker[]): Promise<void>
  /** From now on nothing is heard of this worker, until it speaks again. */
  lose(worker: TestWorker): Promise<void>
  /** A full lease passes in which of all workers only these live; then the first of them recovers. */
  rescue(...workers: [TestWorker, ...TestWorker[]]): Promise<Recovery>
}

/** Tells one promise of the contract, and how to see that it is kept. */
export type Test = (promise: string, run: (store: Store) => Promise<void>) => void

const SETTINGS: StoreSettings = { namespace: 'conformance', dead: { max: 10_000, forMs: 180 * DAY } }

/** Runs a test with a store of its own, and leaves nothing open, whatever happens. */
export async function withStore(harness: Harness, run: (store: Store) => Promise<void>): Promise<void> {
  const opened: Storage[] = []
  const connect = async (settings: Partial<StoreSettings> = {}) => {
    const storage = await harness.open({ ...SETTINGS, ...settings })
    opened.push(storage)
    return storage
  }
  try {
    await run(storeOf(harness, await connect(), connect))
  } finally {
    await Promise.allSettled(opened.map((storage) => storage.close()))
    await harness.destroy?.()
  }
}

function storeOf(harness: Harness, storage: Storage, connect: Store['connect']): Store {
  const made: TestWorker[] = []
  const advance = async (ms: number) => harness.advance(ms)
  const lose = async (worker: TestWorker) => harness.lose?.(worker.id)
  const live = async (ms: number, ...workers: TestWorker[]) => {
    const beat = () => Promise.all(workers.map((worker) => worker.beat()))
    await beat()
    for (let left = ms; left > 0; left -= LEASE / 3) {
      await advance(Math.min(left, LEASE / 3))
      await beat()
    }
  }
  return {
    storage,
    connect,
    advance,
    live,
    lose,
    worker(id, options = {}) {
      const worker = new TestWorker(options.storage ?? storage, id, options.leaseMs)
      made.push(worker)
      return worker
    },
    async rescue(...workers) {
      const living = new Set(workers.map(({ id }) => id))
      await Promise.all(made.filter(({ id }) => !living.has(id)).map(lose))
      await live(LEASE + SECOND, ...workers)
      return workers[0].storage.recover(workers[0].id)
    },
  }
}
