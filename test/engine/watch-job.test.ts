import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../../adapters/memory/index.ts'
import type { Run, WatchedJob } from '../../src/index.ts'
import { ManualClock } from '../conformance/manual-clock.ts'
import { ABOUT, TestWorker } from '../conformance/workers.ts'
import { later, pier } from './support/pier.ts'
import { HOUR, MINUTE, rest, SECOND } from './support/time.ts'
import { LOOK, watchJob } from './support/watching.ts'

const states = (told: readonly WatchedJob[]) => told.map(({ state }) => state)

describe('a job that is watched', () => {
  test('is told from the scheduled set to its end', async () => {
    const here = pier()
    const { job, work, pass, clock } = here
    const [first, second] = [later(), later()]
    const perform = function (this: Run) {
      return (this.attempt === 1 ? first : second).promise
    }
    const send = job('Send', { queue: 'mail', perform, retryIn: () => '10m' })
    const jid = (await send.performIn('1h', 'ada')) as string
    const { told } = await watchJob(here, jid)
    const about = { jid, class: 'Send', queue: 'mail' }
    expect(told).toEqual([{ ...about, state: 'scheduled', attempt: 1, dueAt: new Date(clock.now() + HOUR) }])
    await work({ queues: ['mail'] })
    await pass(HOUR + LOOK)
    expect(told.at(-1)).toEqual({ ...about, state: 'running', attempt: 1, startedAt: expect.any(Date) })
    first.reject(new TypeError('no such user'))
    await rest()
    await pass(LOOK)
    const error = { class: 'TypeError', message: 'no such user' }
    expect(told.at(-1)).toEqual({ ...about, state: 'retrying', attempt: 2, error, dueAt: expect.any(Date) })
    await pass(12 * MINUTE)
    expect(told.at(-1)).toEqual({ ...about, state: 'running', attempt: 2, error, startedAt: expect.any(Date) })
    second.resolve()
    await rest()
    expect(told.at(-1)).toEqual({ ...about, state: 'done', attempt: 2 })
    await pass(MINUTE)
    expect(states(told)).toEqual(['scheduled', 'running', 'retrying', 'running', 'done'])
  })

  test('waits, and tells of its progress while it runs', async () => {
    const here = pier()
    const run = later()
    const perform = function (this: Run) {
      this.progress(3, 7, 'pages')
      return run.promise
    }
    const jid = await here.job('Print', { perform }).performAsync()
    const { told } = await watchJob(here, jid)
    expect(told).toMatchObject([{ state: 'waiting', class: 'Print', queue: 'default', attempt: 1 }])
    await here.work()
    await here.pass(5 * SECOND)
    expect(told.at(-1)).toMatchObject({ state: 'running', progress: { done: 3, total: 7, note: 'pages' } })
    run.resolve()
  })

  test('dies, and is enqueued again by hand', async () => {
    const here = pier()
    const perform = () => Promise.reject(new Error('boom'))
    const jid = await here.job('Dies', { perform, retry: 0 }).performAsync()
    const { told } = await watchJob(here, jid)
    const worker = await here.work()
    await here.pass(LOOK)
    const error = { class: 'Error', message: 'boom' }
    expect(told.at(-1)).toMatchObject({ state: 'dead', attempt: 1, error })
    await worker.stop()
    await here.app.dead.retry(jid as string)
    await here.pass(LOOK)
    expect(told.at(-1)).toMatchObject({ state: 'waiting', error })
  })

  test.each([
    ['deleted', (here: ReturnType<typeof pier>, jid: string) => here.app.queue('default').delete(jid)],
    ['cancelled', (here: ReturnType<typeof pier>, jid: string) => here.app.cancel(jid)],
    ['cleared away', (here: ReturnType<typeof pier>) => here.app.clear()],
  ])('is done when it is %s', async (_, end) => {
    const here = pier()
    const jid = (await here.job('A').performAsync()) as string
    const { told } = await watchJob(here, jid)
    await end(here, jid)
    await here.pass(3 * LOOK)
    expect(states(told)).toEqual(['waiting', 'done'])
  })

  test('is done when it was done before anybody watched, by whichever worker', async () => {
    const storage = memoryStorage()
    const [here, there] = [pier({ storage }), pier({ storage })]
    there.job('Quick', { perform: () => {} })
    await there.work()
    const jid = await here.job('Quick').performAsync()
    await rest()
    expect(states((await watchJob(here, jid)).told)).toEqual(['done'])
  })

  test('is unknown to an app that neither enqueued nor saw it, when it is nowhere', async () => {
    const storage = memoryStorage()
    const [here, there] = [pier({ storage }), pier({ storage })]
    const jid = await there.job('Quick', { perform: () => {} }).performAsync()
    await there.work()
    await rest()
    const { told } = await watchJob(here, jid)
    expect(told).toEqual([{ jid, state: 'unknown' }])
  })

  test('is known where anything was watched while it was done', async () => {
    const storage = memoryStorage()
    const [here, there] = [pier({ storage }), pier({ storage })]
    await watchJob(here, 'another')
    const jid = await there.job('Quick', { perform: () => {} }).performAsync()
    await there.work()
    await rest()
    expect(states((await watchJob(here, jid)).told)).toEqual(['done'])
  })

  test('is unknown until it comes', async () => {
    const here = pier()
    const { told } = await watchJob(here, 'order-7')
    await here.job('A').set({ jid: 'order-7' }).performAsync()
    await here.pass(LOOK)
    expect(states(told)).toEqual(['unknown', 'waiting'])
  })

  test('is told at once to whoever watches it after others have seen it done', async () => {
    const here = pier()
    const jid = await here.job('Quick', { perform: () => {} }).performAsync()
    const first = await watchJob(here, jid)
    await here.work()
    await here.pass(LOOK)
    here.tap.calls.length = 0
    const second = await watchJob(here, jid)
    expect([states(first.told).at(-1), states(second.told)]).toEqual(['done', ['done']])
    expect(here.tap.count('stats')).toBe(0)
  })

  test('asks nothing of the storage any more once it is done', async () => {
    const here = pier()
    here.tap.wakes = false
    const jid = await here.job('Quick', { perform: () => {} }).performAsync()
    const { told } = await watchJob(here, jid)
    const worker = await here.work()
    await here.pass(LOOK)
    await worker.stop()
    await here.pass(5 * SECOND)
    here.tap.calls.length = 0
    await here.pass(MINUTE)
    expect([states(told).at(-1), here.tap.calls]).toEqual(['done', []])
  })
})

describe('a storage that cannot tell', () => {
  test('is helped by the events of this app: a job is done at once', async () => {
    const here = pier()
    here.tap.wakes = false
    const run = later()
    const jid = await here.job('Quick', { perform: () => run.promise }).performAsync()
    const { told } = await watchJob(here, jid)
    await here.work()
    await here.pass(2 * SECOND)
    expect(states(told)).toEqual(['waiting', 'running'])
    run.resolve()
    await rest()
    expect(states(told)).toEqual(['waiting', 'running', 'done'])
  })

  test('is found out by looking: what others did is told after their next heartbeat', async () => {
    const shared = { storage: memoryStorage(), clock: new ManualClock() }
    const [here, there] = [pier(shared), pier(shared)]
    here.tap.wakes = false
    const jid = await here.job('Quick').performAsync()
    const { told } = await watchJob(here, jid)
    there.job('Quick', { perform: () => {} })
    await there.work()
    await here.pass(2 * SECOND)
    expect(states(told)).toEqual(['waiting'])
    await here.pass(4 * SECOND)
    expect(states(told)).toEqual(['waiting', 'done'])
  })
})

describe('a job in the keeping of a worker that is gone', () => {
  /** A worker that died with a job, and whether it was ever heard of. */
  async function robbed(hasBeaten: boolean) {
    const here = pier()
    const jid = await here.job('A').performAsync()
    const { told } = await watchJob(here, jid)
    const storage = await here.inner()
    const w = new TestWorker(storage, 'w', 3_000)
    if (hasBeaten) await w.beat({ about: ABOUT })
    await w.takeOne()
    await here.pass(LOOK)
    return { here, told, storage }
  }

  test('is not done, however long nobody comes to recover it', async () => {
    const { here, told } = await robbed(true)
    await here.pass(10 * MINUTE)
    expect(states(told)).toEqual(['waiting', 'running'])
  })

  test('waits again when somebody came', async () => {
    const { here, told, storage } = await robbed(true)
    await here.pass(10 * SECOND)
    const rescuer = new TestWorker(storage, 'rescuer', 3_000)
    for (let beat = 0; beat < 5; beat++) {
      await rescuer.beat()
      await here.pass(SECOND)
    }
    await storage.recover('rescuer')
    await here.pass(LOOK)
    expect(states(told)).toEqual(['waiting', 'running', 'waiting'])
  })

  test('that it only read ahead stays as it was seen', async () => {
    const { told } = await robbed(false)
    expect(states(told)).toEqual(['waiting'])
  })
})

describe('what it costs to look for jobs', () => {
  test('is bounded, however many wait; what is too far behind stays as it was last known', async () => {
    const here = pier()
    await here.job('A').performBulk(Array.from({ length: 60_000 }, () => []))
    const last = await here.job('A').performAsync()
    const { told } = await watchJob(here, last)
    await here.pass(MINUTE)
    expect(told).toEqual([{ jid: last, state: 'waiting' }])
    expect(here.tap.count('scan')).toBe(100 * here.tap.count('stats'))
  })

  test('is nothing for places without jobs', async () => {
    const here = pier()
    await here.app.queue('empty').pause()
    await watchJob(here, 'nobody')
    expect(here.tap.count('scan')).toBe(0)
  })

  test('is nothing for a job that is shown by its worker', async () => {
    const here = pier()
    const run = later()
    const jid = await here.job('Long', { perform: () => run.promise }).performAsync()
    await here.work({ concurrency: 1 })
    await here.job('Long').performAsync()
    const { told } = await watchJob(here, jid)
    expect([states(told), here.tap.count('scan'), here.tap.count('workers')]).toEqual([['running'], 0, 1])
    run.resolve()
  })

  test('is shared: jobs take turns when there are more than one look can go after', async () => {
    const here = pier()
    const jids = (await here.job('A').performBulk(Array.from({ length: 250 }, () => []))) as string[]
    const told = new Map<string, WatchedJob>()
    for (const jid of jids) here.app.watch({ jid }, (job) => told.set(jid, job))
    await here.pass(LOOK / 2)
    expect([told.size, here.tap.count('scan')]).toEqual([100, 100])
    for (let look = 0; look < 2; look++) await here.pass(LOOK)
    expect([...told.values()]).toEqual(
      jids.map((jid) => expect.objectContaining({ jid, state: 'waiting', class: 'A' })),
    )
  })
})
