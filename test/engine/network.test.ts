import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../../adapters/memory/index.ts'
import { hasCode, NetworkUnavailableError, type Run } from '../../src/index.ts'
import type { OpenStorage, Wake } from '../../src/storage.ts'
import { ManualClock } from '../conformance/manual-clock.ts'
import { later, pier, rejection, type Spec } from './support/pier.ts'
import { DAY, HOUR, MINUTE, rest, SECOND } from './support/time.ts'

type Pier = ReturnType<typeof pier>

/** A store that several apps share, on one clock, and what tells them that the network may be back. */
function bay() {
  const clock = new ManualClock()
  const memory = memoryStorage()
  const ears = new Set<(wake: Wake) => void>()
  const storage: OpenStorage = async (settings) => {
    const inner = await memory(settings)
    const subscribe = (onWake: (wake: Wake) => void) => {
      const end = inner.subscribe?.(onWake)
      ears.add(onWake)
      return () => {
        end?.()
        ears.delete(onWake)
      }
    }
    return { ...inner, subscribe }
  }
  const hint = async () => {
    for (const ear of ears) ear('network')
    await rest()
  }
  return { clock, hint, land: () => harbour(pier({ storage, clock })) }
}

/** An app with a job that needs the network, which is there or away. */
function harbour(here: Pier) {
  const net = { isAway: false }
  const sent: unknown[] = []
  const attempts = new Set<number>()
  let tries = 0
  const upload = (name = 'Upload', spec: Spec = {}) =>
    here.job(name, {
      requires: 'network',
      async perform(this: Run, what: unknown) {
        tries++
        attempts.add(this.attempt)
        if (net.isAway) throw new TypeError('Failed to fetch')
        sent.push(what)
      },
      ...spec,
    })
  const events = here.heard('network:lost', 'network:back', 'job:failed', 'job:retried', 'job:died', 'job:discarded')
  const names = () => events.map(([name]) => name)
  const parked = async () => (await here.app.scheduled.page({ limit: 1_000 })).jobs
  return { ...here, net, sent, attempts, upload, names, parked, tries: () => tries }
}

const alone = () => {
  const { land, hint } = bay()
  return { ...land(), hint }
}

/** So many jobs, one after the other. */
const numbers = (count: number) => Array.from({ length: count }, (_, index) => [index] as [number])

describe('while the network is away', () => {
  test('a job waits, and has lost nothing', async () => {
    const { upload, net, ...here } = alone()
    const job = upload('Upload', { retry: 0 })
    net.isAway = true
    const jid = await job.performAsync('a')
    await here.work()
    await here.pass(HOUR)
    expect(here.attempts).toEqual(new Set([1]))
    expect(here.names()).toEqual(['network:lost'])
    expect(await here.app.stats()).toMatchObject({ processed: 0, failed: 0, retry: 0, dead: 0, scheduled: 1 })
    const [waiting] = await here.parked()
    expect(waiting?.payload).toMatchObject({ jid, requires: 'network', waiting_for: 'network', queue: 'default' })
    expect(waiting?.payload).not.toHaveProperty('retry_count')
    expect(await here.app.metrics()).toEqual([])
  })

  test('the error handlers hear nothing, and the log has one line, however many jobs wait', async () => {
    const { upload, net, lines, ...here } = alone()
    const told: Error[] = []
    here.app.onError((error) => told.push(error))
    net.isAway = true
    await upload().performBulk(numbers(100))
    await here.work()
    await here.pass(10 * MINUTE)
    expect(told).toEqual([])
    const lost = lines.filter(([level]) => level === 'warn' || level === 'error')
    expect(lost).toEqual([['warn', { worker: expect.any(String), reason: 'Failed to fetch' }, expect.any(String)]])
  })

  test('other jobs flow as ever', async () => {
    const { upload, net, ...here } = alone()
    const { job, noted } = here.noting()
    net.isAway = true
    await upload().performBulk(numbers(30))
    await job.performBulk(numbers(30))
    await here.work({ concurrency: 2 })
    await here.pass(SECOND)
    expect(noted).toHaveLength(30)
  })

  test('10,000 jobs that wait cost no more than one does', async () => {
    const calls: number[] = []
    for (const count of [1, 10_000]) {
      const { upload, net, ...here } = alone()
      net.isAway = true
      await upload().performBulk(numbers(count))
      await here.work()
      await here.pass(MINUTE)
      expect(await here.app.scheduled.size()).toBe(count)
      here.tap.calls.length = 0
      const before = here.tries()
      await here.pass(10 * MINUTE)
      expect(here.tries() - before).toBeLessThan(55)
      calls.push(here.tap.calls.length)
    }
    expect(Math.abs((calls[0] as number) - (calls[1] as number))).toBeLessThan(20)
  })

  test('what is enqueued waits without being tried, and is not tried by turns', async () => {
    const { upload, net, ...here } = alone()
    const job = upload()
    net.isAway = true
    await job.performAsync('first')
    await here.work()
    await here.pass(MINUTE)
    const before = here.tries()
    here.tap.calls.length = 0
    for (const [number] of numbers(200)) await job.performAsync(number)
    await rest()
    expect(here.tries() - before).toBeLessThanOrEqual(1)
    expect(here.tap.count('exchange')).toBeLessThanOrEqual(2 * 200 + 2)
    expect(await here.parked()).toHaveLength(201)
  })

  test('one job is tried at a time', async () => {
    const { upload, net, hint, ...here } = alone()
    const running: (() => void)[] = []
    const job = upload('Upload', {
      perform: async () => {
        if (!net.isAway) return
        await new Promise<void>((resolve) => running.push(resolve))
        throw new NetworkUnavailableError('away')
      },
    })
    net.isAway = true
    await job.performBulk(numbers(20))
    await here.work({ concurrency: 10 })
    expect(running).toHaveLength(10)
    for (const end of running.splice(0)) end()
    await here.pass(2 * SECOND)
    expect(running).toHaveLength(1)
    await job.performBulk(numbers(20))
    await here.pass(10 * SECOND)
    expect(running).toHaveLength(1)
    for (const end of running.splice(0)) end()
    net.isAway = false
    await hint()
    await here.pass(2 * SECOND)
    expect(await here.app.stats()).toMatchObject({ processed: 40, scheduled: 0, enqueued: 0 })
  })

  test('it is tried after a second, then ever more seldom, but every 15 seconds at least', async () => {
    const { upload, net, clock, ...here } = alone()
    const tried: number[] = []
    const job = upload('Upload', {
      perform: () => {
        tried.push(clock.monotonic())
        throw new TypeError('Failed to fetch')
      },
    })
    net.isAway = true
    await job.performBulk(numbers(3))
    await here.work({ concurrency: 1 })
    await here.pass(5 * MINUTE)
    const waits = tried.slice(1).map((at, index) => at - (tried[index] as number))
    // The clock of these tests goes on by half a second at a time.
    expect(waits[0]).toBeLessThanOrEqual(1.5 * SECOND)
    expect(Math.max(...waits)).toBeLessThanOrEqual(15.5 * SECOND)
    expect(waits.at(-1)).toBeGreaterThan(10 * SECOND)
  })
})

describe('when the network is back', () => {
  test('all is done, in the order in which it was parked, within a second of a probe', async () => {
    const { upload, net, ...here } = alone()
    net.isAway = true
    await upload().performBulk(numbers(100))
    await here.work({ concurrency: 1 })
    await here.pass(5 * MINUTE)
    net.isAway = false
    await here.pass(16 * SECOND)
    expect(here.sent.toSorted((a, b) => (a as number) - (b as number))).toEqual(numbers(100).flat())
    // Those that were probes lost their place.
    const [, ...others] = here.sent as number[]
    const steps = others.filter((number, index) => index > 0 && number < (others[index - 1] as number))
    expect(steps.length).toBeLessThanOrEqual(1)
    expect(here.attempts).toEqual(new Set([1]))
    expect(here.names()).toEqual(['network:lost', 'network:back'])
    expect(await here.app.stats()).toMatchObject({ processed: 100, failed: 0, scheduled: 0 })
  })

  test('a hint brings all back at once', async () => {
    const { upload, net, hint, ...here } = alone()
    net.isAway = true
    await upload().performBulk(numbers(100))
    await here.work()
    await here.pass(DAY / 24)
    net.isAway = false
    await hint()
    await here.pass(SECOND)
    expect(here.sent).toHaveLength(100)
    expect(here.names()).toEqual(['network:lost', 'network:back'])
  })

  test('a hint that is wrong costs one try', async () => {
    const { upload, net, hint, ...here } = alone()
    net.isAway = true
    await upload().performBulk(numbers(100))
    await here.work()
    await here.pass(HOUR)
    const before = here.tries()
    await hint()
    expect(here.tries() - before).toBe(1)
    expect(here.names()).toEqual(['network:lost'])
  })

  test('a fresh job may be the probe', async () => {
    const { upload, net, ...here } = alone()
    const job = upload()
    net.isAway = true
    await job.performAsync('first')
    await here.work()
    await here.pass(MINUTE)
    // Nothing else is parked, so that the worker waits for whoever comes.
    await here.app.scheduled.clear()
    await here.pass(MINUTE)
    net.isAway = false
    await job.performAsync('second')
    await here.pass(SECOND)
    expect(here.sent).toEqual(['second'])
    expect(here.names()).toEqual(['network:lost', 'network:back'])
  })

  test('the text is what it was, but for when it was enqueued', async () => {
    const { upload, net, hint, ...here } = alone()
    const texts: string[] = []
    here.app.useWorker(async (run, next) => {
      texts.push(JSON.stringify({ ...run.payload, enqueued_at: 0 }))
      await next()
    })
    net.isAway = true
    await upload().performAsync('a')
    await here.work()
    net.isAway = false
    await hint()
    await here.pass(SECOND)
    expect(texts).toHaveLength(2)
    expect(texts[1]).toBe(texts[0])
  })

  test('10,000 jobs come back in batches, and all are done', async () => {
    const { upload, net, hint, ...here } = alone()
    net.isAway = true
    await upload().performBulk(numbers(10_000))
    await here.work({ concurrency: 50 })
    await here.pass(SECOND)
    let most = 0
    here.tap.on('move', (call, _, moves) => {
      most = Math.max(most, moves.length)
      return call()
    })
    net.isAway = false
    await hint()
    await here.pass(30 * SECOND)
    expect(here.sent).toHaveLength(10_000)
    expect(most).toBe(500)
  })

  test('one job whose server stays away does not hold up the others', async () => {
    const { upload, net, ...here } = alone()
    const gone = upload('Gone', {
      perform: () => {
        throw new TypeError('Failed to fetch')
      },
    })
    const job = upload()
    net.isAway = true
    await gone.performAsync()
    await job.performBulk(numbers(50))
    await here.work({ concurrency: 1 })
    await here.pass(MINUTE)
    net.isAway = false
    await here.pass(MINUTE)
    expect(here.sent).toHaveLength(50)
    for (const [number] of numbers(5)) await job.performAsync(number)
    await here.pass(MINUTE)
    expect(here.sent).toHaveLength(55)
    expect(here.names()).not.toContain('job:failed')
  })
})

describe('failures as ever', () => {
  test.each([
    ['an answer of 500', new Error('500 Internal Server Error')],
    ['an ordinary TypeError', new TypeError('x is not a function')],
  ])('%s', async (_, error) => {
    const { upload, ...here } = alone()
    const perform = () => {
      throw error
    }
    await upload('Upload', { perform }).performAsync()
    await here.work()
    expect(here.names()).toEqual(['job:failed', 'job:retried'])
    expect(await here.app.stats()).toMatchObject({ processed: 1, failed: 1, retry: 1, scheduled: 0 })
  })

  test('a run that took too long, also where the network was asked in vain', async () => {
    const { upload, ...here } = alone()
    const perform = function (this: Run) {
      return new Promise<void>((_, reject) => {
        this.signal.addEventListener('abort', () => reject(new TypeError('Failed to fetch')))
      })
    }
    await upload('Upload', { perform, timeout: '5s' }).performAsync()
    await here.work()
    await here.pass(6 * SECOND)
    expect(here.names()).toEqual(['job:failed', 'job:retried'])
  })

  test('of a job that does not require the network', async () => {
    const { upload, net, ...here } = alone()
    net.isAway = true
    await upload('Upload', { requires: undefined } as Spec).performAsync()
    await here.work()
    expect(here.names()).toEqual(['job:failed', 'job:retried'])
  })

  test('a probe that fails so opens the gate, and is retried', async () => {
    const { upload, net, hint, ...here } = alone()
    const perform = () => {
      throw net.isAway ? new TypeError('Failed to fetch') : new Error('500')
    }
    net.isAway = true
    await upload('Upload', { perform }).performAsync()
    await here.work()
    net.isAway = false
    await hint()
    await here.pass(SECOND)
    expect(here.names()).toEqual(['network:lost', 'job:failed', 'network:back', 'job:retried'])
  })
})

describe('a worker that starts', () => {
  test('finds what a page parked that was reloaded, and knows at the first try that it is still away', async () => {
    const { land } = bay()
    const [before, after] = [land(), land()]
    before.net.isAway = true
    after.net.isAway = true
    await before.upload().performBulk(numbers(50))
    const worker = await before.work()
    await before.pass(SECOND)
    await worker.stop()
    after.upload()
    await after.work()
    expect([after.tries(), await after.app.scheduled.size()]).toEqual([1, 50])
    await after.pass(HOUR)
    after.net.isAway = false
    await after.pass(20 * SECOND)
    expect(after.sent).toHaveLength(50)
    expect(after.attempts).toEqual(new Set([1]))
  })

  test('asks the storage for one row, however many jobs are scheduled', async () => {
    const { upload, ...here } = alone()
    await upload().set({ wait: '1h' }).performBulk(numbers(5_000))
    const pages: unknown[] = []
    here.tap.on('page', (call, place, page) => {
      pages.push([place, page])
      return call()
    })
    await here.work()
    await here.pass(29 * SECOND)
    expect(pages).toEqual([['scheduled', { offset: 0, limit: 1, reverse: true }]])
    expect(await here.app.scheduled.size()).toBe(5_000)
  })

  test('passes over jobs that are due in thousands of years', async () => {
    const { land } = bay()
    const [before, after] = [land(), land()]
    before.net.isAway = true
    const job = before.upload()
    await job.set({ waitUntil: new Date('9999-12-31') }).performBulk(numbers(700))
    await job.performBulk(numbers(3))
    const worker = await before.work()
    await before.pass(SECOND)
    await worker.stop()
    after.upload()
    await after.work()
    await after.pass(2 * SECOND)
    expect(after.sent).toHaveLength(3)
    expect(await after.app.scheduled.size()).toBe(700)
  })

  test('whose app has no such job never looks', async () => {
    const { job, ...here } = alone()
    await job('Other', { perform() {} }).performAsync()
    await here.work()
    await here.pass(HOUR)
    expect(here.tap.count('page')).toBe(0)
  })

  test('leaves it to others while it is on standby, and finds them within seconds once it is its turn', async () => {
    const { land } = bay()
    const [before, after] = [land(), land()]
    before.net.isAway = true
    await before.upload().performBulk(numbers(5))
    const worker = await before.work()
    await before.pass(SECOND)
    await worker.stop()
    let standby = true
    after.tap.on('beat', async (call) => ({ ...(await call()), standby }))
    after.tap.on('exchange', async (call) => (standby ? { jobs: [], refused: [] } : call()))
    after.upload()
    await after.work()
    await after.pass(5 * SECOND)
    after.tap.calls.length = 0
    await after.pass(HOUR)
    expect(after.tap.count('page')).toBe(0)
    standby = false
    await after.pass(15 * SECOND)
    expect(after.sent).toHaveLength(5)
  })

  test('looks for one that it has only met', async () => {
    const { job, net, hint, ...here } = alone()
    const perform = () => {
      if (net.isAway) throw new NetworkUnavailableError('away')
    }
    net.isAway = true
    await job('Met', { perform }).set({ requires: 'network' }).performAsync()
    await here.work()
    expect(await here.parked()).toHaveLength(1)
    net.isAway = false
    await hint()
    expect(await here.app.stats()).toMatchObject({ processed: 1, failed: 0, scheduled: 0 })
  })
})

describe('several workers', () => {
  test('each finds out for itself, and whoever has a network brings the jobs back', async () => {
    const { land } = bay()
    const [offline, online] = [land(), land()]
    offline.net.isAway = true
    const job = offline.upload()
    online.upload()
    // Who listens first is told first, and the last job goes to whoever is told first.
    await online.app.queue('default').pause()
    await online.work({ concurrency: 1 })
    await offline.work({ concurrency: 1 })
    await job.performBulk(numbers(60))
    await online.app.queue('default').resume()
    await rest()
    expect((await offline.parked()).length).toBeGreaterThan(10)
    await online.pass(5 * MINUTE)
    expect(online.sent).toHaveLength(60)
    expect([offline.sent, offline.names(), online.names()]).toEqual([[], ['network:lost'], []])
    expect(await online.app.stats()).toMatchObject({ processed: 60, failed: 0, scheduled: 0, enqueued: 0 })
  })

  test('a job comes back that only others define, and one of a queue that nobody serves', async () => {
    const { land } = bay()
    const [gone, here] = [land(), land()]
    gone.net.isAway = true
    await gone.upload('Elsewhere', { queue: 'elsewhere' }).performBulk(numbers(600))
    await gone.upload('Here').performAsync(1)
    const worker = await gone.work()
    await gone.pass(SECOND)
    await worker.stop()
    here.upload('Here')
    await here.work({ queues: ['default'] })
    await here.pass(5 * SECOND)
    expect(here.sent).toEqual([1])
    expect(await here.app.scheduled.size()).toBe(0)
    expect(await here.app.queue('elsewhere').size()).toBe(600)
  })

  test('are both offline: nothing is lost, and all is done by either', async () => {
    const { land, hint } = bay()
    const both = [land(), land()]
    for (const each of both) {
      each.upload()
      each.net.isAway = true
    }
    const [one, two] = both as [(typeof both)[0], (typeof both)[0]]
    await one.app.client.push({ class: 'Upload', args: [1], requires: 'network' })
    for (const each of both) await each.work()
    await one.app.client.push({ class: 'Upload', args: [2], requires: 'network' })
    await one.pass(HOUR)
    for (const each of both) each.net.isAway = false
    await hint()
    await one.pass(40 * SECOND)
    expect([...one.sent, ...two.sent].sort()).toEqual([1, 2])
    expect(await one.app.stats()).toMatchObject({ processed: 2, scheduled: 0 })
  })
})

describe('a job that waits', () => {
  async function waiting(spec: Spec = {}) {
    const here = alone()
    const job = here.upload('Upload', spec)
    here.net.isAway = true
    const jid = (await job.performAsync('a')) as string
    const worker = await here.work()
    expect(await here.parked()).toHaveLength(1)
    /** The network is back, and the worker has done what it can. */
    const back = async () => {
      here.net.isAway = false
      await here.hint()
      await here.pass(2 * SECOND)
    }
    return { ...here, job, jid, worker, back }
  }

  test('can be cancelled', async () => {
    const { app, jid, back, sent } = await waiting()
    expect(await app.cancel(jid)).toBe('waiting')
    await back()
    expect(sent).toEqual([])
  })

  test('can be deleted', async () => {
    const { app, jid, back, sent } = await waiting()
    expect(await app.scheduled.delete(jid)).toBe(true)
    await back()
    expect(sent).toEqual([])
  })

  test('can be retried by hand: with the network it runs, without it waits again', async () => {
    const { app, jid, net, pass, sent, parked, tries } = await waiting()
    expect(await app.scheduled.retry(jid)).toBe(true)
    await pass(100)
    expect([(await parked()).length, tries()]).toEqual([1, 1])
    net.isAway = false
    await pass(MINUTE)
    expect(sent).toEqual(['a'])
  })

  test('says no more that it waits when it was put into its queue by hand', async () => {
    const { app, jid, worker } = await waiting()
    await worker.stop()
    await app.scheduled.retry(jid)
    const [row] = (await app.queue('default').page()).jobs
    expect(row?.payload).not.toHaveProperty('waiting_for')
  })

  test('waits on when its worker stops', async () => {
    const { worker, parked } = await waiting()
    expect(await worker.stop()).toEqual({ unfinished: [] })
    expect(await parked()).toHaveLength(1)
  })

  test('stays where it is while its worker is quiet', async () => {
    const { worker, pass, parked, tap } = await waiting()
    await worker.quiet()
    tap.calls.length = 0
    await pass(HOUR)
    expect([(await parked()).length, tap.count('move')]).toEqual([1, 0])
  })

  test('is discarded when it has expired by the time the network is back', async () => {
    const { back, names, pass, sent } = await waiting({ expiresIn: '10s' })
    await pass(MINUTE)
    await back()
    expect(sent).toEqual([])
    expect(names()).toContain('job:discarded')
  })

  test('keeps its unique lock for as long as it waits, and has its own time from then on', async () => {
    const { job, pass, back, app, net } = await waiting({ unique: { for: '1m' } })
    await pass(HOUR)
    expect(await job.performAsync('a')).toBeNull()
    await back()
    expect(await app.stats()).toMatchObject({ processed: 1 })
    net.isAway = true
    expect(await job.performAsync('a')).toEqual(expect.any(String))
  })

  test('keeps its unique lock while nobody works', async () => {
    const { job, worker, pass } = await waiting({ unique: { for: '1m' } })
    await worker.stop()
    await pass(HOUR)
    expect(await job.performAsync('a')).toBeNull()
  })

  test('has its own time for its lock again once it is back in its queue', async () => {
    const { job, back, app, pass } = await waiting({ unique: { for: '1m' }, queue: 'uploads' })
    await app.queue('uploads').pause()
    await back()
    await pass(6 * SECOND)
    expect(await app.queue('uploads').size()).toBe(1)
    expect(await job.performAsync('a')).toBeNull()
    await pass(MINUTE)
    expect(await job.performAsync('a')).toEqual(expect.any(String))
  })

  test('that had freed its lock when it started has it again, if nobody else has', async () => {
    const { job, pass } = await waiting({ unique: { for: '1m', until: 'start' } })
    await pass(HOUR)
    expect(await job.performAsync('a')).toBeNull()
  })

  test('frees its lock when it is cancelled', async () => {
    const { job, jid, app } = await waiting({ unique: { for: '1m' } })
    await app.cancel(jid)
    expect(await job.performAsync('a')).toEqual(expect.any(String))
  })
})

test('a run that is cancelled while its network is away is discarded', async () => {
  const { upload, ...here } = alone()
  const { promise, reject } = later()
  const jid = await upload('Upload', { perform: () => promise }).performAsync()
  await here.work()
  expect(await here.app.cancel(jid as string)).toBe('running')
  reject(new TypeError('Failed to fetch'))
  await here.pass(SECOND)
  expect(await here.app.stats()).toMatchObject({ scheduled: 0, retry: 0, enqueued: 0, running: 0 })
})

test('a worker that vanishes with its probe has it recovered', async () => {
  const { land } = bay()
  const [gone, here] = [land(), land()]
  gone.net.isAway = true
  await gone.upload('Upload', { perform: () => new Promise(() => {}) }).performAsync(1)
  await gone.work()
  gone.tap.weather = 'hung'
  here.upload()
  await here.work()
  await here.pass(MINUTE)
  expect(here.sent).toEqual([1])
})

test('an inline run throws what it found', async () => {
  const { upload, net } = alone()
  net.isAway = true
  expect(await rejection(upload().performInline())).toMatchObject({ message: 'Failed to fetch' })
})

test('a job may require nothing but the network', async () => {
  const { app } = alone()
  expect(() => app.job('Wrong', { requires: 'wifi' as never })).toThrow(
    "app.job('Wrong'): requires must be 'network'; got \"wifi\" (string).",
  )
  const pushed = await rejection(app.client.push({ class: 'Wrong', args: [], requires: 'wifi' as never }))
  expect(hasCode(pushed, 'ERR_OPTION')).toBe(true)
})
