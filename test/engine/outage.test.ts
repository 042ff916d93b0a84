import { describe, expect, test } from 'vitest'
import { StorageUnavailableError } from '../../src/index.ts'
import { later, pier } from './support/pier.ts'
import { HOUR, MINUTE, rest, SECOND } from './support/time.ts'

function harbour() {
  const here = pier()
  return { ...here, define: here.job, ...here.noting(), events: here.heard('storage:unavailable', 'storage:available') }
}

describe('while the storage is away', () => {
  test('an enqueue fails fast, with a typed error', async () => {
    const { job, tap } = harbour()
    await job.performAsync(0)
    tap.weather = 'down'
    await expect(job.performAsync(1)).rejects.toMatchObject({ code: 'ERR_STORAGE_UNAVAILABLE', outcome: 'none' })
  })

  test('the worker tells it once, and once when it is back', async () => {
    const { events, tap, ...here } = harbour()
    await here.work()
    tap.weather = 'down'
    await here.pass(MINUTE)
    expect(events).toEqual([['storage:unavailable', { error: expect.any(StorageUnavailableError) }]])
    tap.weather = 'fair'
    await here.pass(10 * SECOND)
    expect(events.map(([name]) => name)).toEqual(['storage:unavailable', 'storage:available'])
    const { downMs } = events.map(([, event]) => event as { downMs: number }).at(-1) ?? { downMs: 0 }
    expect(downMs).toBeGreaterThan(50 * SECOND)
    expect(downMs).toBeLessThan(65 * SECOND)
  })

  test('health() tells the truth', async () => {
    const { tap, ...here } = harbour()
    const worker = await here.work()
    const well = { status: 'running', claiming: true, standby: false, running: 0, abandoned: 0, silentMs: 0 }
    expect(worker.health()).toEqual(well)
    tap.weather = 'down'
    await here.pass(30 * SECOND)
    expect(worker.health()).toMatchObject({ status: 'running', claiming: false })
    expect(worker.health().silentMs).toBeGreaterThan(25 * SECOND)
    tap.weather = 'fair'
    await here.pass(5 * SECOND)
    expect(worker.health()).toMatchObject({ status: 'running', claiming: true })
    expect(worker.health().silentMs).toBeLessThan(5 * SECOND)
  })

  test('the worker asks now and then, not all the time', async () => {
    const { tap, ...here } = harbour()
    await here.work()
    tap.weather = 'down'
    await here.pass(10 * SECOND)
    tap.calls.length = 0
    await here.pass(HOUR)
    expect(tap.calls.length).toBeGreaterThan(3_600)
    expect(tap.calls.length).toBeLessThan(5 * 3_600 * 2)
  })
})

describe('after an outage', () => {
  test.each(['down', 'hung'] as const)('the worker goes on within seconds, without a restart: %s', async (weather) => {
    const { job, noted, tap, ...here } = harbour()
    await here.work()
    tap.weather = weather
    await here.pass(HOUR)
    tap.weather = 'fair'
    await job.performAsync('after')
    await here.pass(2 * SECOND)
    expect(noted).toEqual(['after'])
  })

  test.each(['down', 'hung'] as const)('what was finished meanwhile is settled, once: %s', async (weather) => {
    const { define, tap, ...here } = harbour()
    const { promise, resolve } = later()
    let runs = 0
    await define('Long', { perform: () => promise.then(() => runs++) }).performAsync()
    await here.work()
    tap.weather = weather
    await rest()
    resolve()
    await here.pass(10 * SECOND)
    tap.weather = 'fair'
    await here.pass(MINUTE)
    expect(runs).toBe(1)
    expect(await here.app.stats()).toMatchObject({ processed: 1, failed: 0, running: 0, enqueued: 0, retry: 0 })
  })

  test('nothing is lost and nothing is done twice, though it comes and goes under load', async () => {
    const { job, noted, tap, ...here } = harbour()
    await here.work({ concurrency: 5 })
    let sent = 0
    for (let round = 0; round < 40; round++) {
      tap.weather = round % 4 === 3 ? 'down' : 'fair'
      for (let n = 0; n < 5; n++)
        await job.performAsync(sent).then(
          () => sent++,
          () => {},
        )
      await here.pass(SECOND)
    }
    tap.weather = 'fair'
    await here.pass(MINUTE)
    expect(noted.sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: sent }, (_, n) => n))
    expect(await here.app.stats()).toMatchObject({ processed: sent, failed: 0, enqueued: 0, running: 0 })
  })

  test.each(['exchange', 'beat', 'push'] as const)('an answer of %s that is lost changes nothing', async (name) => {
    const { job, noted, tap, ...here } = harbour()
    await here.work({ concurrency: 3 })
    let calls = 0
    const losing = async (call: () => Promise<unknown>) => {
      const answer = await call()
      if (++calls % 2 === 1) throw new StorageUnavailableError('the answer was lost', { outcome: 'unknown' })
      return answer
    }
    tap.on(name, losing as never)
    for (let n = 0; n < 30; n++) {
      await job.performAsync(n)
      await here.pass(SECOND)
    }
    await here.pass(MINUTE)
    expect(noted).toEqual(Array.from({ length: 30 }, (_, n) => n))
    expect(await here.app.stats()).toMatchObject({ processed: 30, enqueued: 0, running: 0 })
  })

  test('an error that is no outage stops nobody either', async () => {
    const { job, noted, tap, ...here } = harbour()
    await here.work()
    for (const name of ['exchange', 'beat', 'promote', 'recover'] as const) {
      tap.on(name, (() => Promise.reject(new TypeError('a bug of the adapter'))) as never)
    }
    await here.pass(MINUTE)
    for (const name of ['exchange', 'beat', 'promote', 'recover'] as const) tap.off(name)
    await job.performAsync(1)
    await here.pass(10 * SECOND)
    expect(noted).toEqual([1])
    expect(
      here.lines.some(([level, , message]) => level === 'error' && message === 'a call of the storage failed'),
    ).toBe(true)
  })

  test('a run that went on for longer than the lease was told so, and its job is performed again', async () => {
    const { define, tap, ...here } = harbour()
    const reasons: string[] = []
    await define('Long', {
      perform() {
        const { promise, reject } = later()
        this.signal.addEventListener('abort', () => {
          reasons.push(this.signal.reason.name)
          reject(this.signal.reason)
        })
        return promise
      },
    }).performAsync()
    const worker = await here.work()
    tap.weather = 'down'
    await here.pass(11 * SECOND)
    expect(reasons).toEqual([])
    await here.pass(5 * SECOND)
    expect(reasons).toEqual(['LeaseLostError'])
    tap.weather = 'fair'
    await here.pass(10 * SECOND)
    expect(worker.health().running).toBe(1)
    expect(await here.app.stats()).toMatchObject({ processed: 0, retry: 0, running: 1 })
  })
})

describe('a storage that cannot be opened', () => {
  test('at first: the worker tries until it can, and tells', async () => {
    const { job, noted, tap, events, ...here } = harbour()
    tap.onOpen = () => Promise.reject(new StorageUnavailableError('no route to host'))
    const worker = await here.work()
    await here.pass(MINUTE)
    expect(worker.health()).toMatchObject({ status: 'starting', claiming: false, silentMs: undefined })
    await expect(job.performAsync(0)).rejects.toThrow('no route to host')
    tap.onOpen = () => undefined
    await job.performAsync(1)
    await here.pass(2 * SECOND)
    expect(noted).toEqual([1])
    expect(events.map(([name]) => name)).toEqual(['storage:unavailable', 'storage:available'])
  })

  test('is opened once for all who ask at the same time', async () => {
    const { job, tap } = harbour()
    let opened = 0
    tap.onOpen = async () => void opened++
    await Promise.all([job.performAsync(1), job.performIn('1h', 2), job.performBulk([[3]])])
    expect(opened).toBe(1)
  })

  test('whose opening throws at once is no other', async () => {
    const here = pier({
      storage: () => {
        throw new Error('bad address')
      },
    })
    await expect(here.job('Work').performAsync()).rejects.toThrow('bad address')
  })
})
