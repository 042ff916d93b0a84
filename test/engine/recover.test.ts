import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../../adapters/memory/index.ts'
import { ManualClock } from '../conformance/manual-clock.ts'
import { later, pier, type Spec } from './support/pier.ts'
import { HOUR, MINUTE, rest, SECOND } from './support/time.ts'

/** Several apps over one store, on one clock. */
function harbour() {
  const clock = new ManualClock()
  const storage = memoryStorage()
  return { clock, land: () => pier({ storage, clock }) }
}

const forever: Spec = { perform: () => new Promise(() => {}) }

/** An app whose worker has begun all that waits, and vanishes with it: the storage never hears of it again. */
async function vanish(land: () => ReturnType<typeof pier>, names: readonly string[] = ['Work'], concurrency = 10) {
  const here = land()
  for (const name of names) here.job(name, forever)
  const worker = await here.work({ queues: ['default'], concurrency })
  const running = worker.health().running
  here.tap.weather = 'hung'
  return { here, worker, running }
}

/** Longer than the lease, and than a worker has to be there before it may recover. */
const LEASE = 13 * SECOND

describe('a worker that vanished', () => {
  test('has its jobs performed by another one after its lease', async () => {
    const { land } = harbour()
    const alive = land()
    const { job, noted } = alive.noting('Work')
    await job.performBulk([[1], [2], [3]])
    const { running } = await vanish(land)
    expect(running).toBe(3)
    await alive.work()
    await alive.pass(11 * SECOND)
    expect(noted).toEqual([])
    await alive.pass(3 * SECOND)
    expect(noted.sort()).toEqual([1, 2, 3])
    expect(await alive.app.stats()).toMatchObject({ running: 0, enqueued: 0, processed: 3, workers: 1 })
  })

  test('is not robbed by one that has only just come', async () => {
    const { land } = harbour()
    const alive = land()
    const { job, noted } = alive.noting('Work')
    await job.performAsync(1)
    await vanish(land)
    await alive.pass(MINUTE)
    await alive.work()
    await alive.pass(11 * SECOND)
    expect(noted).toEqual([])
    await alive.pass(2 * SECOND)
    expect(noted).toEqual([1])
  })

  test('spends no attempt of its jobs', async () => {
    const { land } = harbour()
    const alive = land()
    const attempts: number[] = []
    const job = alive.job('Work', {
      perform() {
        attempts.push(this.attempt)
      },
    })
    await job.performAsync()
    await vanish(land)
    await alive.work()
    await alive.pass(LEASE)
    expect(attempts).toEqual([1])
  })

  test('is recovered by one of several, each of its jobs once', async () => {
    const { land } = harbour()
    const alive = [land(), land(), land()]
    const noted = alive.map((each) => each.noting('Work'))
    await noted[0]?.job.performBulk(Array.from({ length: 10 }, (_, n) => [n]))
    await vanish(land)
    for (const each of alive) await each.work()
    await alive[0]?.pass(MINUTE)
    expect(noted.flatMap((each) => each.noted).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  test('keeps the unique locks of its jobs', async () => {
    const { land } = harbour()
    const alive = land()
    const job = alive.job('Work', { unique: { for: '1h' }, ...forever })
    await job.performAsync(1)
    await vanish(land)
    await alive.work()
    await alive.pass(LEASE)
    expect(await job.performAsync(1)).toBeNull()
  })

  test('takes no job with it that it had only pushed', async () => {
    const { land } = harbour()
    const alive = land()
    const { job, noted } = alive.noting('Work')
    const gone = land()
    await gone.job('Work').performAsync('pushed')
    gone.tap.weather = 'hung'
    await alive.work()
    expect([noted, job.name]).toEqual([['pushed'], 'Work'])
  })
})

describe('after an outage of everybody', () => {
  test('nobody is dead: jobs that go on are not performed twice', async () => {
    const { land } = harbour()
    const workers = [land(), land()]
    let runs = 0
    for (const each of workers) {
      each.job('Long', { perform: () => new Promise(() => void runs++) })
      await each.work({ queues: ['default'] })
    }
    await workers[0]?.job('Long', { perform: () => new Promise(() => void runs++) }).performAsync()
    await rest()
    for (const each of workers) each.tap.weather = 'hung'
    await workers[0]?.pass(MINUTE)
    for (const each of workers) each.tap.weather = 'fair'
    await workers[0]?.pass(MINUTE)
    expect(runs).toBe(1)
  })
})

describe('a job whose worker vanishes again and again', () => {
  test('dies at the third time, and death handlers hear', async () => {
    const { land } = harbour()
    const alive = land()
    const events = alive.heard('job:died')
    const deaths: string[] = []
    alive.app.onDeath((payload, error) => void deaths.push(`${payload.jid} ${error.name}`))
    alive.job('Bad', forever)
    const jid = await alive.job('Bad', forever).performAsync()
    const { noted } = alive.noting('Good')
    // It watches, and performs what is in another queue.
    await alive.work({ queues: ['other'] })
    for (let time = 0; time < 3; time++) {
      const { running } = await vanish(land, ['Bad'])
      expect(running).toBe(1)
      await alive.pass(LEASE + 12 * SECOND)
    }
    await alive.work({ queues: ['default'] })
    await alive.pass(SECOND)
    const [dead] = (await alive.app.dead.page()).jobs
    expect(dead).toMatchObject({ jid, error: { class: 'PoisonedJobError' } })
    expect(deaths).toEqual([`${jid} PoisonedJobError`])
    expect(events).toHaveLength(1)
    expect(noted).toEqual([])
    expect(await alive.app.stats()).toMatchObject({ enqueued: 0, running: 0, dead: 1, processed: 0, failed: 0 })
  })

  test('not when it is long ago', async () => {
    const { land } = harbour()
    const alive = land()
    await alive.job('Bad').performAsync()
    await alive.work({ queues: ['other'] })
    for (let time = 0; time < 4; time++) {
      await vanish(land, ['Bad'])
      alive.clock.jumpTo(alive.clock.now() + 37 * HOUR)
      await alive.pass(2 * LEASE)
    }
    const { noted } = alive.noting('Bad')
    await alive.work({ queues: ['default'] })
    await alive.pass(SECOND)
    expect([noted.length, await alive.app.dead.size()]).toEqual([1, 0])
  })

  test('is performed alone after the second time; then the others go on', async () => {
    const { land } = harbour()
    const alive = land()
    await alive.job('Suspect').performAsync()
    await alive.work({ queues: ['other'] })
    for (let time = 0; time < 2; time++) {
      await vanish(land, ['Suspect'])
      await alive.pass(LEASE + 12 * SECOND)
    }
    const last = land()
    const running = new Set<string>()
    const log: string[] = []
    const turns = new Map<string, () => void>()
    for (const name of ['Suspect', 'Other']) {
      last.job(name, {
        perform: async (n: unknown = '') => {
          const me = `${name}${n}`
          running.add(me)
          log.push([...running].sort().join(', '))
          const { promise, resolve } = later()
          turns.set(me, resolve)
          await promise
          running.delete(me)
        },
      })
    }
    await last.app.client.push({ class: 'Other', args: [1] })
    await last.app.client.push({ class: 'Other', args: [2] })
    await last.work({
      queues: ['default'],
      concurrency: 5,
      capsules: { more: { queues: ['default'], concurrency: 5 } },
    })
    await last.pass(10 * SECOND)
    // Whoever began first, the suspect shares the worker with nobody.
    for (let round = 0; round < 5; round++) {
      for (const end of [...turns.values()]) end()
      turns.clear()
      await last.pass(SECOND)
    }
    expect(log.filter((line) => line.includes('Suspect'))).toEqual(['Suspect'])
    expect(log.filter((line) => line.includes('Other'))).toHaveLength(2)
    expect(await last.app.stats()).toMatchObject({ enqueued: 0, running: 0, dead: 0 })
  })

  test('is not counted with others that were running at the same crashes', async () => {
    const { land } = harbour()
    const alive = land()
    for (const name of ['Bad', 'Innocent', 'Bystander']) await alive.job(name).performAsync()
    await alive.work({ queues: ['other'] })
    for (let time = 0; time < 2; time++) {
      const { running } = await vanish(land, ['Bad', 'Innocent', 'Bystander'])
      expect(running).toBe(3)
      await alive.pass(LEASE + 12 * SECOND)
    }
    // All three are suspects now. A worker claims them in one call, and vanishes as soon as the first begins.
    const third = land()
    for (const name of ['Bad', 'Innocent', 'Bystander']) {
      third.job(name, {
        perform: () => {
          third.tap.weather = 'hung'
          return new Promise(() => {})
        },
      })
    }
    const brief = () => new Promise<void>((resolve) => void third.clock.after(SECOND, resolve))
    await third.job('Brief', { queue: 'brief', perform: brief }).performAsync()
    await third.work({ queues: ['brief', 'default'] })
    await alive.pass(LEASE + 12 * SECOND)
    const last = land()
    const { noted } = last.noting('Bad')
    for (const name of ['Innocent', 'Bystander']) last.job(name, { perform: async () => void noted.push(name) })
    await last.work({ queues: ['default'] })
    await last.pass(5 * SECOND)
    expect(noted.sort()).toEqual(['Bystander', 'Innocent'])
    expect(await last.app.stats()).toMatchObject({ dead: 1, enqueued: 0, running: 0 })
  })

  test('never begins when it is cancelled while it waits to be alone', async () => {
    const { land } = harbour()
    const alive = land()
    const jid = (await alive.job('Suspect').performAsync()) as string
    await alive.work({ queues: ['other'] })
    for (let time = 0; time < 2; time++) {
      await vanish(land, ['Suspect'])
      await alive.pass(LEASE + 12 * SECOND)
    }
    const last = land()
    const { promise, resolve } = later()
    const { noted } = last.noting('Suspect')
    await last.job('Other', { queue: 'busy', perform: () => promise }).performAsync()
    const worker = await last.work({ queues: ['busy', 'default'] })
    expect(worker.health().running).toBe(2)
    await last.app.cancel(jid)
    await last.pass(10 * SECOND)
    resolve()
    await rest()
    expect([noted, worker.health().running, worker.health().abandoned]).toEqual([[], 0, 0])
    expect(await last.app.stats()).toMatchObject({ enqueued: 0, running: 0, dead: 0 })
  })

  test('that was cancelled meanwhile is gone', async () => {
    const { land } = harbour()
    const alive = land()
    const { job, noted } = alive.noting('Work')
    const jid = (await job.performAsync(1)) as string
    await vanish(land)
    expect(await alive.app.cancel(jid)).toBe('running')
    await alive.work()
    await alive.pass(MINUTE)
    expect(noted).toEqual([])
    expect(await alive.app.stats()).toMatchObject({ enqueued: 0, running: 0, dead: 0, retry: 0 })
  })
})
