import { systemClock } from '../../../src/clock.ts'
import type { Storage } from '../../../src/storage.ts'
import { equal, ok } from '../assert.ts'
import { jids, job, push } from '../jobs.ts'
import { firstKey, queue } from '../places.ts'
import type { Store, Test } from '../store.ts'
import { HOUR, LEASE, MINUTE, SECOND } from '../time.ts'
import { died, done, givenBack, retried } from '../workers.ts'

/** How often to look whether the storage has called, and how long to wait between: two seconds in all. */
const LOOKS = 400
const LOOK_MS = 5

/** Lets the store's time go on, too: a storage may tell of many changes at once, a little later. */
async function soon({ advance }: Store, what: string, isTrue: () => boolean): Promise<void> {
  for (let look = 0; look < LOOKS && !isTrue(); look++) {
    await advance(LOOK_MS)
    await new Promise<void>((resolve) => systemClock.after(LOOK_MS, resolve))
  }
  ok(isTrue(), `${what}, soon`)
}

interface Case {
  readonly what: string
  /** Brings the store to where it can happen, and answers how it happens. */
  readonly prepare: (store: Store) => Promise<() => Promise<unknown>>
}

const CASES: readonly Case[] = [
  {
    what: 'a job is pushed',
    prepare:
      async ({ storage }) =>
      async () =>
        push(storage, job('b')),
  },
  {
    what: 'a job is scheduled',
    prepare:
      async ({ storage }) =>
      async () =>
        push(storage, job('b', { delayMs: HOUR })),
  },
  {
    what: 'a job is claimed',
    prepare:
      async ({ worker }) =>
      async () =>
        worker('w').takeOne(),
  },
  {
    what: 'a job that was read ahead begins',
    async prepare({ worker }) {
      const w = worker('w')
      const { token } = await w.takeOne({ ahead: 1 })
      return () => w.exchange({ begun: [token] })
    },
  },
  settling('done', done),
  settling('to be retried', (claimed) => retried(claimed, MINUTE)),
  settling('dead', died),
  settling('given back', givenBack),
  {
    what: 'a job is promoted',
    async prepare({ storage, advance }) {
      await push(storage, job('b', { delayMs: MINUTE }))
      await advance(MINUTE)
      return () => storage.promote(1)
    },
  },
  {
    what: 'a worker comes',
    prepare:
      async ({ worker }) =>
      async () =>
        worker('w').beat(),
  },
  {
    what: 'a worker tells how far it is',
    async prepare({ worker }) {
      const w = worker('w')
      await w.beat()
      const { token } = await w.takeOne()
      return () => w.beat({ running: [{ token, startedAt: 1, progress: { done: 1 } }] })
    },
  },
  {
    what: 'a worker retires',
    async prepare({ storage, worker }) {
      await worker('w').beat()
      return () => storage.retire('w')
    },
  },
  {
    what: 'the jobs of a lost worker are recovered',
    async prepare(store) {
      const w = store.worker('w')
      await w.takeOne()
      const rescuer = store.worker('rescuer')
      await store.lose(w)
      await store.live(LEASE + SECOND, rescuer)
      return () => rescuer.storage.recover('rescuer')
    },
  },
  {
    what: 'a job that waits is cancelled',
    prepare:
      async ({ storage }) =>
      async () =>
        storage.cancel('a'),
  },
  {
    what: 'a queue is paused',
    prepare:
      async ({ storage }) =>
      async () =>
        storage.pause('default', true),
  },
  {
    what: 'a queue is cleared',
    prepare:
      async ({ storage }) =>
      async () =>
        storage.clear(queue('default')),
  },
  {
    what: 'a job is deleted',
    async prepare({ storage }) {
      const key = await firstKey(storage, queue('default'))
      return () => storage.remove(queue('default'), [key])
    },
  },
  {
    what: 'a job is moved',
    async prepare({ storage }) {
      const key = await firstKey(storage, queue('default'))
      return () => storage.move(queue('default'), [{ key, to: 'dead' }])
    },
  },
  {
    what: 'all is wiped',
    prepare:
      async ({ storage }) =>
      async () =>
        storage.wipe(),
  },
]

function settling(what: string, settlement: (claimed: Parameters<typeof done>[0]) => ReturnType<typeof done>): Case {
  return {
    what: `a job is settled: ${what}`,
    async prepare({ worker }) {
      const w = worker('w')
      const claimed = await w.takeOne()
      return () => w.settle(settlement(claimed))
    },
  }
}

/** What was told to somebody who watches through a connection of his own. */
interface Watching {
  readonly storage: Storage
  readonly told: { calls: number; finished: string[] }
  readonly end: () => void
}

/** Undefined where the storage cannot tell: there is nothing to hold it to. */
async function watching(store: Store): Promise<Watching | undefined> {
  const storage = await store.connect()
  const told: Watching['told'] = { calls: 0, finished: [] }
  const end = storage.watch?.((finished) => {
    told.calls++
    told.finished.push(...finished)
  })
  // An inspection comes after what the storage had to do in order to hear.
  await storage.queues()
  return end && { storage, told, end }
}

export function watchings(test: Test): void {
  for (const { what, prepare } of CASES) {
    test(`who watches hears of it when ${what}`, async (store) => {
      await push(store.storage, job('a'))
      const heard = await watching(store)
      if (!heard) return
      const happens = await prepare(store)
      await quiet(store, heard)
      await happens()
      await soon(store, 'to hear of it', () => heard.told.calls > 0)
    })
  }

  test('who watches is told which jobs are done, and only those', async (store) => {
    await push(store.storage, job('a'), job('b'), job('c'), job('d'))
    const heard = await watching(store)
    if (!heard) return
    const w = store.worker('w')
    const [a, b, c, d] = await w.take(4)
    await w.settle(done(a), retried(b, MINUTE), givenBack(c))
    await w.settle(done(d))
    await soon(store, 'to hear of both', () => heard.told.finished.length > 1)
    equal(heard.told.finished.sort(), ['a', 'd'])
  })

  test('workers are shown with what they perform now, not as of their last beat', async (store) => {
    if (!store.storage.watch) return
    await push(store.storage, job('a'), job('b'))
    const w = store.worker('w')
    await w.beat()
    const [a] = await w.take(2)
    equal(await running(store.storage), ['a', 'b'])
    await w.settle(done(a))
    equal(await running(store.storage), ['b'])
  })

  test('who caused it hears it too', async (store) => {
    const heard = await watching(store)
    if (!heard) return
    await quiet(store, heard)
    await push(heard.storage, job('a'))
    await soon(store, 'to hear of it', () => heard.told.calls > 0)
  })

  const endings: readonly (readonly [string, (heard: Watching) => unknown])[] = [
    ['who has ended watching', ({ end }) => end()],
    ['who has closed the connection', ({ storage }) => storage.close()],
  ]
  for (const [who, ends] of endings) {
    test(`${who} hears no more, and others do`, async (store) => {
      const [ended, other] = [await watching(store), await watching(store)]
      if (!ended || !other) return
      await ends(ended)
      await ends(ended)
      await quiet(store, other)
      ended.told.calls = 0
      await push(store.storage, job('a'))
      await soon(store, 'the other to hear', () => other.told.calls > 0)
      equal(ended.told.calls, 0)
    })
  }

  test('nobody hears of another namespace', async (store) => {
    const elsewhere = await store.connect({ namespace: 'elsewhere' })
    const [heard, other] = [await watching(store), await watching(store)]
    if (!heard || !other) return
    await quiet(store, heard, other)
    await push(elsewhere, job('a'))
    await push(store.storage, job('b'))
    const w = store.worker('w')
    await w.settle(done(await w.takeOne()))
    await soon(store, 'to hear of the own', () => heard.told.finished.length > 0)
    equal(heard.told.finished, ['b'])
  })

  test('a closed storage lets nobody watch', async ({ storage }) => {
    if (!storage.watch) return
    await storage.close()
    equal(codeOfWatching(storage), 'ERR_CLOSED')
  })
}

async function running(storage: Storage): Promise<string[]> {
  return jids((await storage.workers()).flatMap((worker) => worker.running)).sort()
}

/** Waits until what happened before is told, so that what is told next is what happens next. */
async function quiet({ advance }: Store, ...watching: readonly Watching[]): Promise<void> {
  let before: number
  do {
    before = sum(watching)
    for (let look = 0; look < 10; look++) {
      await advance(LOOK_MS)
      await new Promise<void>((resolve) => systemClock.after(LOOK_MS, resolve))
    }
  } while (sum(watching) !== before)
  for (const { told } of watching) told.calls = 0
}

const sum = (watching: readonly Watching[]): number => watching.reduce((total, { told }) => total + told.calls, 0)

function codeOfWatching(storage: Storage): unknown {
  try {
    storage.watch?.(() => {})
    return 'it watched'
  } catch (error) {
    return (error as { code?: unknown }).code
  }
}
