import { afterEach, describe, expect, test, vi } from 'vitest'
import { advance, drain, fake, jobs } from '../../src/testing/index.ts'
import { failing, harbour } from './harbour.ts'

const HOUR = 3_600_000

function faked() {
  const { app } = harbour()
  fake(app)
  return app
}

afterEach(() => {
  vi.useRealTimers()
})

describe('advance', () => {
  test('walks a job through 25 retries to the dead set, in milliseconds', async () => {
    const app = faked()
    const attempts: number[] = []
    const job = app.job('Fail', {
      perform() {
        attempts.push(this.attempt)
        throw new Error('never')
      },
    })
    await job.performAsync()
    const begun = performance.now()
    expect(await advance(app, '3w')).toBe(26)
    expect(performance.now() - begun).toBeLessThan(1_000)
    expect(attempts).toEqual(Array.from({ length: 26 }, (_, n) => n + 1))
    expect(await app.dead.size()).toBe(1)
  })

  test('has the same chance in every run', async () => {
    const runs = await Promise.all(
      [1, 2].map(async () => {
        const app = faked()
        const delays: number[] = []
        app.on('job:retried', ({ delayMs }) => delays.push(delayMs))
        const job = app.job('Fail', { perform: failing(5) })
        await job.performAsync()
        await advance(app, '1h')
        return delays
      }),
    )
    expect(runs[0]).toEqual(runs[1])
    expect(runs[0]).toHaveLength(5)
  })

  test('runs what is due in the order of time, at its very moment', async () => {
    const app = faked()
    const began = Date.now()
    const ran: [string, number][] = []
    const job = app.job('Note', {
      perform(what: string) {
        ran.push([what, Math.round(((this.payload.enqueued_at ?? 0) * 1_000 - began) / HOUR)])
      },
    })
    const chain = app.job('Chain', {
      async perform(left: number) {
        ran.push([`chain ${left}`, Math.round(((this.payload.enqueued_at ?? 0) * 1_000 - began) / HOUR)])
        if (left > 0) await chain.performIn('4h', left - 1)
      },
    })
    await job.performIn('5h', 'five')
    await job.performIn('3h', 'three')
    await chain.performIn('2h', 2)
    await job.performAsync('now')
    await job.performIn('11h', 'eleven')
    expect(await advance(app, '10h')).toBe(6)
    expect(ran).toEqual([
      ['now', 0],
      ['chain 2', 2],
      ['three', 3],
      ['five', 5],
      ['chain 1', 6],
      ['chain 0', 10],
    ])
    expect(jobs(app)).toHaveLength(1)
    await advance(app, '1h')
    expect(ran.at(-1)).toEqual(['eleven', 11])
  })

  test('expires what has waited too long', async () => {
    const app = faked()
    const ran: string[] = []
    const job = app.job('Note', { expiresIn: '10m', perform: () => void ran.push('ran') })
    app.on('job:discarded', ({ reason }) => ran.push(reason))
    await job.performAsync()
    await app.queue('default').pause()
    await advance(app, '9m')
    await app.queue('default').resume()
    await drain(app)
    await job.performAsync()
    await app.queue('default').pause()
    await advance(app, '11m')
    await app.queue('default').resume()
    await drain(app)
    expect(ran).toEqual(['ran', 'expired'])
  })

  test('ends unique locks in their time', async () => {
    const app = faked()
    const job = app.job('Once', { unique: { for: '1h' } })
    await job.performAsync()
    await app.queue('default').pause()
    await advance(app, '59m')
    expect(await job.performAsync()).toBe(null)
    await advance(app, '2m')
    expect(await job.performAsync()).not.toBe(null)
  })

  test('stands still while a job is performed, however long it really takes', async () => {
    const app = faked()
    const stamps: unknown[] = []
    const inner = app.job('Inner', {})
    const job = app.job('Slow', {
      async perform() {
        await inner.performAsync()
        await new Promise((resolve) => setTimeout(resolve, 20))
        await inner.performAsync()
        stamps.push(...jobs(inner).map(({ created_at }) => created_at))
      },
    })
    await job.performAsync()
    await drain(job)
    expect(stamps[0]).toBe(stamps[1])
  })

  test('fires the timeout of a job that is still running', async () => {
    const app = faked()
    let begun = () => {}
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve
    })
    const job = app.job('Hang', {
      timeout: '10m',
      retry: 0,
      perform() {
        begun()
        return new Promise((_, reject) => {
          this.signal.addEventListener('abort', () => reject(this.signal.reason))
        })
      },
    })
    await job.performAsync()
    const drained = expect(drain(job)).rejects.toMatchObject({ code: 'ERR_JOB_TIMEOUT' })
    await hasBegun
    await advance(app, '9m')
    expect(await app.dead.size()).toBe(0)
    await advance(app, '1m')
    await drained
    expect(await app.dead.size()).toBe(1)
  })

  test('gives up a run that ignores its timeout two seconds later', async () => {
    const app = faked()
    const job = app.job('Deaf', { timeout: '10m', retry: 0, perform: () => new Promise(() => {}) })
    await job.performAsync()
    const drained = expect(drain(job)).rejects.toMatchObject({ code: 'ERR_JOB_TIMEOUT' })
    await new Promise((resolve) => setTimeout(resolve, 2))
    await advance(app, '11m')
    await drained
  })

  test('refuses a number without a unit', async () => {
    const app = faked()
    await expect(advance(app, 10 as never)).rejects.toThrow("write '10s' or '10ms'")
  })
})

describe('drain until', () => {
  test('goes to an instant or for a duration, for one job as well', async () => {
    const app = faked()
    const ran: string[] = []
    const a = app.job('A', { perform: () => void ran.push('a') })
    const b = app.job('B', { perform: () => void ran.push('b') })
    await a.performIn('2h')
    await b.performIn('1h')
    await b.performIn('5h')
    expect(await drain(app, { until: new Date(Date.now() + 1.5 * HOUR) })).toBe(1)
    expect(await drain(a, { until: '1h' })).toBe(1)
    expect(ran).toEqual(['b', 'a'])
    expect(await drain(b, { until: '3h' })).toBe(1)
  })

  test('takes failures through their retries, or throws them where that is wished', async () => {
    const app = faked()
    const job = app.job('Fail', { perform: failing(26) })
    await job.performAsync()
    expect(await drain(app, { until: '3w' })).toBe(26)
    await job.performAsync()
    const again = app.job('Again', { perform: failing(1) })
    await again.performIn('1h')
    await expect(drain(again, { until: '2h', retries: false })).rejects.toThrow('not yet')
  })
})

describe("beside vitest's fake timers", () => {
  test('nothing waits for a timer, and none is touched', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'Date', 'performance'] })
    const app = faked()
    const job = app.job('Fail', { timeout: '1m', unique: { for: '1h' }, perform: failing(26) })
    await job.performAsync()
    await expect(drain(job)).rejects.toThrow('not yet')
    await advance(app, '3w')
    expect(await app.dead.size()).toBe(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('time that they pass passes for the app as well', async () => {
    vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) })
    const app = faked()
    const job = app.job('Note', { perform: () => {} })
    await job.performIn('10m')
    expect(jobs(job)[0]?.at).toEqual(new Date(Date.UTC(2026, 0, 1, 0, 10)))
    expect(await drain(app)).toBe(0)
    vi.advanceTimersByTime(600_000)
    expect(await drain(app)).toBe(1)
    vi.setSystemTime(Date.UTC(2020, 0, 1))
    await job.performIn('1h')
    expect(jobs(job)[0]?.at).toEqual(new Date(Date.UTC(2020, 0, 1, 1)))
  })
})
