import { expect, test } from 'vitest'
import { memoryStorage } from '../../adapters/memory/index.ts'
import type { Clock } from '../../src/clock.ts'
import { silentLogger } from '../../src/logger.ts'
import type { Exchange, Exchanged, JobMetrics, Settlement, Storage } from '../../src/storage.ts'
import { conformance, type Harness, ManualClock, type StoreSettings } from '../conformance/index.ts'

/** A suite that cannot fail proves nothing: here are storages with one fault each, and it must find every one. */
interface Fault {
  /** The topic that has to find it. */
  readonly topic: string
  readonly plant: (storage: Storage, about: About) => Partial<Storage>
}

interface About {
  readonly clock: ManualClock
  /** Another connection to the same store, without the fault. */
  readonly connect: (settings?: Partial<StoreSettings>, clock?: Clock) => Promise<Storage>
}

const changed = (storage: Storage, change: (asked: Exchange) => Partial<Exchange>): Partial<Storage> => ({
  exchange: (asked) => storage.exchange({ ...asked, ...change(asked) }),
})

const settlements = (storage: Storage, change: (settlement: Settlement) => Settlement): Partial<Storage> =>
  changed(storage, (asked) => ({ settlements: asked.settlements.map(change) }))

const answered = (storage: Storage, change: (answer: Exchanged) => Exchanged): Partial<Storage> => ({
  exchange: async (asked) => change(await storage.exchange(asked)),
})

const holderOf = async (storage: Storage, key: string): Promise<string> => storage.lock(key, 'whoever asks', 1)

const FAULTS: Readonly<Record<string, Fault>> = {
  'a job that dies as it is loses its text': {
    topic: 'bytes',
    plant: (storage) =>
      settlements(storage, (each) => (each.to === 'dead' ? { ...each, text: each.text ?? '' } : each)),
  },
  'what was measured replaces what is known': {
    topic: 'metrics',
    plant() {
      let last: readonly JobMetrics[] = []
      return {
        async measure(samples) {
          last = samples
        },
        metrics: async ({ job }) => {
          const jobs = last.filter((sample) => job === undefined || sample.job === job)
          return jobs.length > 0 ? [{ at: 0, jobs }] : []
        },
      }
    },
  },
  'the durations of another job are told': {
    topic: 'metrics',
    plant: (storage) => ({ metrics: ({ minutes }) => storage.metrics({ minutes }) }),
  },
  'a push forgets its order': {
    topic: 'push',
    plant: (storage) => ({ push: (entries, id) => storage.push([...entries].reverse(), id) }),
  },
  'a repeated push stores again': {
    topic: 'push',
    plant: (storage, { clock }) => ({ push: (entries) => storage.push(entries, { client: clock.id(), number: 1 }) }),
  },
  'a chosen jid is stored again': {
    topic: 'push',
    plant: (storage) => ({
      push: (entries, id) =>
        storage.push(
          entries.map((entry) => ({ ...entry, chosen: false })),
          id,
        ),
    }),
  },
  'a text is parsed and written again': {
    topic: 'bytes',
    plant: (storage) => ({
      push: (entries, id) =>
        storage.push(
          entries.map((entry) => ({ ...entry, text: rewritten(entry.text) })),
          id,
        ),
    }),
  },
  'a claim copies': {
    topic: 'claim',
    plant: (storage, { clock }) => ({
      async exchange(asked) {
        const answer = await storage.exchange(asked)
        const copies = answer.jobs.map(({ queue, text }) => ({ jid: clock.id(), queue, text, delayMs: 0 }))
        await storage.push(copies, { client: clock.id(), number: 1 })
        return answer
      },
    }),
  },
  'a claim takes queues in another order': {
    topic: 'claim',
    plant: (storage) => changed(storage, ({ queues }) => ({ queues: [...queues].sort() })),
  },
  'a token comes again': {
    topic: 'claim',
    plant: (storage) =>
      answered(storage, ({ jobs, refused }) => ({ refused, jobs: jobs.map((job) => ({ ...job, token: 1 })) })),
  },
  'settling tells of no refusals': {
    topic: 'settle',
    plant: (storage) => answered(storage, ({ jobs }) => ({ jobs, refused: [] })),
  },
  'what is not to be counted is counted': {
    topic: 'settle',
    plant: (storage) => settlements(storage, (each) => (each.tally === 'none' ? { ...each, tally: 'ok' } : each)),
  },
  'a refused settlement frees its lock': {
    topic: 'settle',
    plant: (storage) => ({
      async exchange(asked) {
        for (const { unlock } of asked.settlements) if (unlock) await storage.unlock(unlock.key, unlock.owner)
        return storage.exchange(asked)
      },
    }),
  },
  'a repeated request claims again': {
    topic: 'requests',
    plant(storage) {
      let request = 0
      return changed(storage, () => ({ request: ++request }))
    },
  },
  'a pause is ignored': {
    topic: 'queues',
    plant: (storage) => ({
      async exchange(asked) {
        const paused = (await storage.queues()).filter((queue) => queue.paused)
        for (const { name } of paused) await storage.pause(name, false)
        const answer = await storage.exchange(asked)
        for (const { name } of paused) await storage.pause(name, true)
        return answer
      },
    }),
  },
  'a promotion leaves enqueued_at out': {
    topic: 'promote',
    plant: (storage, { clock }) => ({
      async promote(limit) {
        const { rows } = await storage.page('scheduled', { offset: 0, limit })
        const due = rows.filter(({ at }) => (at ?? 0) <= clock.now())
        const queueOf = (text: string) => ({ queue: JSON.parse(text).queue })
        await storage.move(
          'scheduled',
          due.map(({ key, text }) => ({ key, to: queueOf(text) })),
        )
        const { promoted, nextMs } = await storage.promote(limit - due.length)
        return { promoted: promoted + due.length, nextMs }
      },
    }),
  },
  'a promotion ignores its limit': {
    topic: 'promote',
    plant: (storage) => ({ promote: () => storage.promote(1_000) }),
  },
  'a beat takes back what is not answered yet': {
    topic: 'presence',
    plant: (storage) => ({
      beat: (beat) => storage.beat({ ...beat, answered: { main: 99, left: 99, right: 99 } }),
    }),
  },
  'a signal is heard again and again': {
    topic: 'presence',
    plant: (storage) => ({ beat: (beat) => storage.beat({ ...beat, heard: [] }) }),
  },
  'whoever calls may recover': {
    topic: 'recovery',
    plant: (storage, about) => ({ recover: (worker) => recoverUnsteadily(storage, about, worker) }),
  },
  'a late settle is refused though nobody recovered': {
    topic: 'settle',
    plant(storage, { clock }) {
      const leases = new Map<string, number>()
      return {
        async exchange(asked) {
          if (clock.now() > (leases.get(asked.worker) ?? 0)) await storage.retire(asked.worker)
          leases.set(asked.worker, clock.now() + asked.leaseMs)
          return storage.exchange(asked)
        },
      }
    },
  },
  'reading ahead counts as begun': {
    topic: 'poison',
    plant: (storage) => changed(storage, () => ({ ahead: 0 })),
  },
  'what has begun later never counts': {
    topic: 'poison',
    plant: (storage) => changed(storage, () => ({ begun: [] })),
  },
  'anybody may free a lock': {
    topic: 'locks',
    plant: (storage) => ({ unlock: async (key) => storage.unlock(key, await holderOf(storage, key)) }),
  },
  'settling frees a lock that somebody else has': {
    topic: 'unique jobs',
    plant: (storage) => ({
      async exchange(asked) {
        for (const { unlock } of asked.settlements) {
          if (unlock) await storage.unlock(unlock.key, await holderOf(storage, unlock.key))
        }
        return storage.exchange(asked)
      },
    }),
  },
  'a unique lock runs from the push': {
    topic: 'unique jobs',
    plant: (storage) => ({
      async push(entries, id) {
        const refusals = await storage.push(entries, id)
        for (const { jid, unique } of entries) if (unique) await storage.lock(unique.key, jid, unique.forMs)
        return refusals
      },
    }),
  },
  'a cancelled job stays': {
    topic: 'cancel',
    plant: () => ({ cancel: async () => 'waiting' }),
  },
  'a page turned round is off by one': {
    topic: 'pages',
    plant: (storage) => ({
      page: (place, asked) => storage.page(place, asked.reverse ? { ...asked, offset: asked.offset + 1 } : asked),
    }),
  },
  'a scan counts rows': {
    topic: 'large',
    plant: (storage) => ({
      async scan(place, { limit, cursor = '0' }) {
        const offset = Number(cursor)
        const { rows } = await storage.page(place, { offset, limit })
        return { rows, cursor: rows.length < limit ? undefined : String(offset + limit) }
      },
    }),
  },
  'a move tells nothing of vanished rows': {
    topic: 'manage',
    plant: (storage) => ({
      move: async (from, moves) => (await storage.move(from, moves)).map(() => true),
    }),
  },
  'the dead set keeps one too many': {
    topic: 'dead set',
    plant: (_storage, { connect }) => {
      const larger = connect({ dead: { max: 11, forMs: 7 * 86_400_000 } })
      return { exchange: async (asked) => (await larger).exchange(asked) }
    },
  },
  'whoever writes last wins': {
    topic: 'documents',
    plant: (storage) => ({
      writeDocument: async (name, text) =>
        storage.writeDocument(name, text, (await storage.readDocument(name))?.version ?? 0),
    }),
  },
  'namespaces share their locks': {
    topic: 'namespaces',
    plant: (_storage, { connect }) => ({
      lock: async (...args) => (await connect({ namespace: 'shared' })).lock(...args),
    }),
  },
  'a plain object keeps the documents': {
    topic: 'names',
    plant() {
      const documents: Record<string, { text: string; version: number }> = {}
      return {
        readDocument: async (name) => documents[name],
        async writeDocument(name, text, version) {
          if ((documents[name]?.version ?? 0) !== version) return false
          if (text === undefined) delete documents[name]
          else documents[name] = { text, version: version + 1 }
          return true
        },
      }
    },
  },
  'a closed storage goes on': {
    topic: 'connection',
    plant: () => ({ close: async () => {} }),
  },
  'nobody is woken': {
    topic: 'wake',
    plant: () => ({ subscribe: () => () => {} }),
  },
  'nobody is told of changes': {
    topic: 'watch',
    plant: () => ({ watch: () => () => {} }),
  },
  'nobody is told what is done': {
    topic: 'watch',
    plant: (storage) => ({ watch: (onChange) => storage.watch?.(() => onChange([])) ?? (() => {}) }),
  },
}

function rewritten(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text))
  } catch {
    return text
  }
}

/** Makes the worker look present for longer than its lease: by a word from a moment ago, and a very short lease. */
async function recoverUnsteadily(storage: Storage, { clock, connect }: About, worker: string) {
  const aMomentAgo = await connect({}, new ManualClock(clock.now() - 2))
  const asked = { worker, lane: 'fault', settlements: [], queues: [], limit: 0, ahead: 0, begun: [] }
  const present = (through: Storage, leaseMs: number) => through.exchange({ ...asked, leaseMs, request: ++requests })
  await present(aMomentAgo, 10)
  await present(storage, 1)
  const recovery = await storage.recover(worker)
  await present(storage, 60_000)
  return recovery
}

let requests = 0

/** A store in memory, all of whose connections have the fault. */
function faultyStore(plant: Fault['plant']): Harness {
  const clock = new ManualClock()
  const openStorage = memoryStorage()
  return {
    async open(settings) {
      const connect: About['connect'] = async (others = {}, otherClock = clock) =>
        openStorage({ ...settings, ...others, clock: otherClock, logger: silentLogger })
      const storage = await connect()
      return { ...storage, ...plant(storage, { clock, connect }) }
    },
    advance: (ms) => clock.advance(ms),
  }
}

/** Runs the suite, or one topic of it, over stores with this fault; answers up to `most` tests that failed. */
async function failures(plant: Fault['plant'], topic: string, most: number): Promise<string[]> {
  const tests = new Map<string, () => Promise<void>>()
  conformance({ test: (name, run) => tests.set(name, run), createStore: () => faultyStore(plant) })
  const failed: string[] = []
  for (const [name, run] of tests) {
    if (failed.length < most && name.startsWith(topic)) await run().catch(() => failed.push(name))
  }
  return failed
}

test('the suite finds no fault where there is none', { timeout: 60_000 }, async () => {
  expect(await failures(() => ({}), '', Number.POSITIVE_INFINITY)).toEqual([])
})

for (const [fault, { topic, plant }] of Object.entries(FAULTS)) {
  test(`the suite notices when ${fault}`, { timeout: 60_000 }, async () => {
    expect(await failures(plant, `${topic}: `, 1)).toHaveLength(1)
  })
}
