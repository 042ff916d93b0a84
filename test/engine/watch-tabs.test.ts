import '../adapters/indexeddb/fake-indexeddb.ts'
import { IDBFactory } from 'fake-indexeddb'
import { describe, expect, test } from 'vitest'
import { indexedDBStorage } from '../../adapters/indexeddb/index.ts'
import type { Channel } from '../../adapters/indexeddb/wakes.ts'
import { FakeLocks } from '../adapters/indexeddb/locks.ts'
import { ManualClock } from '../conformance/manual-clock.ts'
import { later, pier } from './support/pier.ts'
import { MINUTE, SECOND, until } from './support/time.ts'
import { LOOK, watchCounts, watchJob, watchQueue } from './support/watching.ts'

/** The tabs of one origin: they share the database, the locks, the channels and the time. */
class Origin {
  readonly clock: ManualClock = new ManualClock()
  /** What was posted on the channel of changes. */
  readonly posted: unknown[] = []
  readonly #platform = { indexedDB: new IDBFactory(), locks: new FakeLocks() }
  readonly #name = `origin-${this.clock.id()}`

  open() {
    const storage = indexedDBStorage({ ...this.#platform, channel: (name) => this.#channel(name) })
    return pier({ storage, clock: this.clock, namespace: this.#name })
  }

  /** Lets time pass until it is so: what tabs tell each other comes when it comes. */
  async soon(isSo: () => boolean): Promise<void> {
    await until(async () => {
      await this.clock.advance(LOOK)
      return isSo()
    })
  }

  #channel(name: string): Channel {
    const channel = new BroadcastChannel(name)
    const { posted } = this
    return {
      postMessage(message) {
        if (name.endsWith(':changes')) posted.push(message)
        channel.postMessage(message)
      },
      set onmessage(listener: ((event: MessageEvent) => void) | null) {
        channel.onmessage = listener as never
      },
      close: () => channel.close(),
    }
  }
}

describe('two tabs', () => {
  test('see the same counts', async () => {
    const origin = new Origin()
    const [here, there] = [origin.open(), origin.open()]
    const { told } = await watchCounts(here)
    const mail = await watchQueue(here, 'mail')
    await there.job('A', { queue: 'mail' }).performBulk([[], [], []])
    await origin.soon(() => told.at(-1)?.enqueued === 3)
    await origin.soon(() => mail.told.at(-1)?.size === 3)
    await there.app.queue('mail').clear()
    await origin.soon(() => told.at(-1)?.enqueued === 0)
  })

  test('follow a job that one enqueued and the other performs', async () => {
    const origin = new Origin()
    const [here, there] = [origin.open(), origin.open()]
    const run = later()
    there.job('Send', { perform: () => run.promise })
    const jid = await here.job('Send').performAsync()
    const mine = await watchJob(here, jid)
    const theirs = await watchJob(there, jid)
    await there.work()
    await origin.soon(() => [mine, theirs].every(({ told }) => told.at(-1)?.state === 'running'))
    run.resolve()
    await origin.soon(() => [mine, theirs].every(({ told }) => told.at(-1)?.state === 'done'))
    for (const { told } of [mine, theirs])
      expect(told.map(({ state }) => state)).toEqual(['waiting', 'running', 'done'])
  })

  test('know what was done while one of them watched anything, whoever asks there', async () => {
    const origin = new Origin()
    const [here, there, stranger] = [origin.open(), origin.open(), origin.open()]
    await watchCounts(here)
    const quick = there.job('Quick', { perform: () => {} })
    await there.work()
    const jid = await quick.performAsync()
    await origin.soon(() => origin.posted.flat().includes(jid))
    expect((await watchJob(here, jid)).told).toMatchObject([{ state: 'done' }])
    expect((await watchJob(there, jid)).told).toMatchObject([{ state: 'done' }])
    expect((await watchJob(stranger, jid)).told).toEqual([{ jid, state: 'unknown' }])
  })
})

describe('messages about changes', () => {
  test('are not sent while nobody watches in any tab', async () => {
    const origin = new Origin()
    const [here, there] = [origin.open(), origin.open()]
    const { job, noted } = there.noting()
    await there.work()
    await job.performAsync('x')
    await origin.soon(() => noted.length === 1)
    await here.app.queue('default').pause()
    expect(origin.posted).toEqual([])
  })

  test('are not sent of what no inspection shows', async () => {
    const origin = new Origin()
    const [here, there] = [origin.open(), origin.open()]
    await watchCounts(here)
    await here.pass(SECOND)
    const storage = await there.inner()
    origin.posted.length = 0
    await storage.lock('key', 'owner', SECOND)
    await storage.promote(1)
    expect(origin.posted).toEqual([])
  })

  test('end some minutes after the last one who watched is gone', async () => {
    const origin = new Origin()
    const [here, there] = [origin.open(), origin.open()]
    const { told, stop } = await watchCounts(here)
    await there.job('A').performAsync()
    await origin.soon(() => told.length === 2)
    stop()
    await here.pass(4 * MINUTE)
    origin.posted.length = 0
    await there.job('A').performAsync()
    await here.pass(SECOND)
    expect(origin.posted).toEqual([])
  })

  test('go on as long as somebody watches', async () => {
    const origin = new Origin()
    const [here, there] = [origin.open(), origin.open()]
    await watchCounts(here)
    await here.pass(10 * MINUTE)
    origin.posted.length = 0
    await there.job('A').performAsync()
    expect(origin.posted).toEqual([[]])
  })

  test('are few, however much changes', async () => {
    const origin = new Origin()
    const [here, there] = [origin.open(), origin.open()]
    const { told } = await watchCounts(here)
    await here.pass(SECOND)
    origin.posted.length = 0
    for (let n = 0; n < 100; n++) await there.job('A').performAsync()
    expect(origin.posted).toHaveLength(1)
    await origin.soon(() => told.at(-1)?.enqueued === 100)
    expect(origin.posted).toHaveLength(2)
  })

  test('that are none of ours are passed over', async () => {
    const origin = new Origin()
    const hears: ((event: MessageEvent) => void)[] = []
    const channel = () => ({
      postMessage() {},
      close() {},
      set onmessage(listener: (event: MessageEvent) => void) {
        hears.push(listener)
      },
    })
    const storage = indexedDBStorage({ indexedDB: new IDBFactory(), locks: false, channel: channel as never })
    const here = pier({ storage, clock: origin.clock })
    const finished: string[] = []
    ;(await here.inner()).watch?.((jids) => finished.push(...jids))
    for (const data of [null, 'a', { jid: 'a' }, [7, { jid: 'a' }, 'done']]) {
      for (const hear of hears) hear({ data } as MessageEvent)
    }
    expect(finished).toEqual(['done'])
  })
})
