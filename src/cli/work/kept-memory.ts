import { jidOf } from '../../payload.ts'
import type { Entry, OpenStorage, Place, Row, Storage, StorageSettings } from '../../storage.ts'

/** A job on its way from one process to the next. */
export interface KeptJob {
  readonly set: 'queue' | 'scheduled' | 'retry' | 'dead'
  readonly queue: string
  readonly text: string
  readonly at: number | undefined
}

const PAGE = 1_000

const PASSAGE = 'quayside-restart'

/** A memory whose jobs go on in the next process: a restart under `--watch` loses none. Unique locks do not go along. */
export class KeptMemory {
  readonly #memory: OpenStorage
  readonly #jobs: readonly KeptJob[]
  #settings: StorageSettings | undefined

  constructor(memory: OpenStorage, jobs: readonly KeptJob[]) {
    this.#memory = memory
    this.#jobs = jobs
  }

  /** What the app is given: the first time it is opened, the jobs of the process before are in it. */
  readonly open: OpenStorage = Object.assign(
    async (settings: StorageSettings) => {
      const storage = await this.#memory(settings)
      if (!this.#settings) await restore(storage, this.#jobs, settings.clock.now())
      this.#settings = settings
      return storage
    },
    { place: 'memory' },
  )

  /** All jobs, once the app is closed. */
  async jobs(): Promise<KeptJob[]> {
    if (!this.#settings) return [...this.#jobs]
    const storage = await this.#memory(this.#settings)
    const found: KeptJob[] = []
    for (const { name } of await storage.queues()) found.push(...(await all(storage, { queue: name })))
    for (const set of ['scheduled', 'retry', 'dead'] as const) found.push(...(await all(storage, set)))
    await storage.close()
    return found
  }
}

async function all(storage: Storage, place: Place): Promise<KeptJob[]> {
  const rows: Row[] = []
  for (let total = 1; rows.length < total; ) {
    const page = await storage.page(place, { offset: rows.length, limit: PAGE })
    if (page.rows.length === 0) break
    rows.push(...page.rows)
    total = page.total
  }
  const [set, queue] = typeof place === 'string' ? ([place, ''] as const) : (['queue', place.queue] as const)
  return rows.map(({ text, at }) => ({ set, queue, text, at }))
}

async function restore(storage: Storage, jobs: readonly KeptJob[], now: number): Promise<void> {
  let number = 0
  const push = (entries: Entry[]) => storage.push(entries, { client: `restart-${process.pid}`, number: ++number })
  for (const { set, queue, text, at = now } of jobs) {
    const entry = { jid: jidOf(text), queue, text, delayMs: set === 'queue' ? 0 : at - now }
    if (set === 'queue' || set === 'scheduled') await push([entry])
    else await pushTo(set, entry)
  }

  /** A push knows queues and the scheduled set only: from a queue that nobody has, it is a move. */
  async function pushTo(set: 'retry' | 'dead', { delayMs, ...entry }: Entry): Promise<void> {
    const place = { queue: PASSAGE }
    await push([{ ...entry, ...place, delayMs: 0 }])
    const { rows } = await storage.page(place, { offset: 0, limit: 1 })
    await storage.move(
      place,
      rows.map(({ key }) => ({ key, to: set === 'dead' ? set : { set, delayMs } })),
    )
    await storage.clear(place)
  }
}
