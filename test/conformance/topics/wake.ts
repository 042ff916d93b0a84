import { systemClock } from '../../../src/clock.ts'
import type { Storage, Wake } from '../../../src/storage.ts'
import { equal, ok } from '../assert.ts'
import { job, push } from '../jobs.ts'
import { firstKey } from '../places.ts'
import type { Store, Test } from '../store.ts'
import { HOUR, LEASE, MINUTE, SECOND } from '../time.ts'
import { givenBack, retried, TestWorker } from '../workers.ts'

/** How often to look whether the storage has called, and how long to wait between: a second in all. */
const LOOKS = 200
const LOOK_MS = 5

/** Waits until it is true: a storage calls soon, and who says when? */
async function soon(what: string, isTrue: () => boolean): Promise<void> {
  for (let look = 0; look < LOOKS && !isTrue(); look++) {
    await new Promise<void>((resolve) => systemClock.after(LOOK_MS, resolve))
  }
  ok(isTrue(), `${what}, soon`)
}

/** What happens in a store. Of the network only what runs on it can tell. */
type StoreWake = Exclude<Wake, 'network'>

/** What a worker asks last before it waits: only what would change that answer need wake it. */
const LAST_QUESTIONS: Readonly<Record<StoreWake, (listener: TestWorker) => Promise<unknown>>> = {
  claimable: async (listener) => equal(await listener.claim(5), [], 'what can be claimed before it happens'),
  due: (listener) => listener.storage.promote(5),
  signal: (listener) => listener.beat(),
  recoverable: (listener) => listener.storage.recover(listener.id),
}

interface Case {
  readonly what: string
  readonly wake: StoreWake
  /** Brings the store to where it can happen, and answers how it happens. */
  readonly prepare: (store: Store, listener: TestWorker) => Promise<() => Promise<unknown>>
}

const CASES: readonly Case[] = [
  {
    what: 'a job is pushed',
    wake: 'claimable',
    prepare:
      async ({ storage }) =>
      () =>
        push(storage, job('a')),
  },
  {
    what: 'a job is promoted',
    wake: 'claimable',
    async prepare({ storage, advance }) {
      await push(storage, job('a', { delayMs: MINUTE }))
      await advance(MINUTE)
      return () => storage.promote(1)
    },
  },
  {
    what: 'a job is given back',
    wake: 'claimable',
    async prepare(store) {
      const { w, a } = await somebodyHasA(store)
      return () => w.settle(givenBack(a))
    },
  },
  {
    what: 'a job goes back because its answer was lost',
    wake: 'claimable',
    async prepare(store) {
      const { w } = await somebodyHasA(store)
      return () => w.beat({ held: [] })
    },
  },
  {
    what: 'a worker retires that holds jobs',
    wake: 'claimable',
    async prepare(store) {
      await somebodyHasA(store)
      return () => store.storage.retire('w')
    },
  },
  {
    what: 'the jobs of a lost worker are recovered',
    wake: 'claimable',
    async prepare(store) {
      const { w } = await somebodyHasA(store)
      const rescuer = store.worker('rescuer')
      await store.lose(w)
      await store.live(LEASE + SECOND, rescuer)
      return () => rescuer.storage.recover('rescuer')
    },
  },
  {
    what: 'a job is moved to a queue',
    wake: 'claimable',
    async prepare({ storage }) {
      await push(storage, job('a', { delayMs: HOUR }))
      const key = await firstKey(storage, 'scheduled')
      return () => storage.move('scheduled', [{ key, to: { queue: 'default' } }])
    },
  },
  {
    what: 'a queue is no longer paused',
    wake: 'claimable',
    async prepare({ storage }) {
      await storage.pause('default', true)
      await push(storage, job('a'))
      return () => storage.pause('default', false)
    },
  },
  {
    what: 'the first job is scheduled',
    wake: 'due',
    prepare:
      async ({ storage }) =>
      () =>
        push(storage, job('a', { delayMs: HOUR })),
  },
  {
    what: 'a job is scheduled sooner than all others',
    wake: 'due',
    async prepare({ storage }) {
      await push(storage, job('late', { delayMs: HOUR }))
      return () => push(storage, job('soon', { delayMs: MINUTE }))
    },
  },
  {
    what: 'a job is to be retried sooner than all others',
    wake: 'due',
    async prepare(store) {
      await push(store.storage, job('late', { delayMs: HOUR }))
      const { w, a } = await somebodyHasA(store)
      return () => w.settle(retried(a, MINUTE))
    },
  },
  {
    what: 'it is sent a signal',
    wake: 'signal',
    prepare:
      async ({ storage }, listener) =>
      () =>
        storage.signal(listener.id, 'quiet'),
  },
  {
    what: 'a job is cancelled that it runs',
    wake: 'signal',
    async prepare({ storage }, listener) {
      await push(storage, job('a'))
      await listener.takeOne()
      return () => storage.cancel('a')
    },
  },
  {
    what: 'a worker comes whose lease ends first',
    wake: 'recoverable',
    async prepare({ worker, live }, listener) {
      await live(LEASE + SECOND, listener)
      await worker('w', { leaseMs: HOUR }).beat()
      return () => worker('new').beat()
    },
  },
]

async function somebodyHasA({ storage, worker }: Store) {
  await push(storage, job('a'))
  const w = worker('w')
  return { w, a: await w.takeOne() }
}

interface Listening {
  /** Listens through a connection of its own. */
  readonly listener: TestWorker
  readonly wakes: Set<Wake>
  readonly end: () => void
}

/** Undefined where the storage cannot wake anybody: there is nothing to hold it to. */
async function listening(store: Store, id: string): Promise<Listening | undefined> {
  const storage = await store.connect()
  const wakes = new Set<Wake>()
  const end = storage.subscribe?.((wake) => wakes.add(wake))
  return end && { listener: new TestWorker(storage, id), wakes, end }
}

export function waking(test: Test): void {
  for (const { what, wake, prepare } of CASES) {
    test(`a worker that waits hears '${wake}' soon after ${what}`, async (store) => {
      const heard = await listening(store, 'listener')
      if (!heard) return
      const happens = await prepare(store, heard.listener)
      await LAST_QUESTIONS[wake](heard.listener)
      heard.wakes.clear()
      await happens()
      await soon(`to hear '${wake}'`, () => heard.wakes.has(wake))
    })
  }

  test('who caused it hears it too', async (store) => {
    const heard = await listening(store, 'listener')
    if (!heard) return
    await heard.listener.claim(1)
    await push(heard.listener.storage, job('a'))
    await soon("to hear 'claimable'", () => heard.wakes.has('claimable'))
  })

  const endings: readonly (readonly [string, (heard: Listening) => unknown])[] = [
    ['who has ended listening', ({ end }) => end()],
    ['who has closed the connection', ({ listener }) => listener.storage.close()],
  ]
  for (const [who, ends] of endings) {
    test(`${who} hears no more, and others do`, async (store) => {
      const [ended, other] = [await listening(store, 'ended'), await listening(store, 'other')]
      if (!ended || !other) return
      await ended.listener.claim(1)
      await other.listener.claim(1)
      await ends(ended)
      await ends(ended)
      ended.wakes.clear()
      await push(store.storage, job('a'))
      await soon("the other to hear 'claimable'", () => other.wakes.has('claimable'))
      equal([...ended.wakes], [])
    })
  }

  test('a closed storage takes no listeners', async ({ storage }) => {
    if (!storage.subscribe) return
    await storage.close()
    equal(codeOfSubscribing(storage), 'ERR_CLOSED')
  })
}

function codeOfSubscribing(storage: Storage): unknown {
  try {
    storage.subscribe?.(() => {})
    return 'it subscribed'
  } catch (error) {
    return (error as { code?: unknown }).code
  }
}
