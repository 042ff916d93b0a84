import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../../adapters/memory/index.ts'
import { type Run, ShutdownError, StorageUnavailableError } from '../../src/index.ts'
import { ManualClock } from '../conformance/manual-clock.ts'
import { aborted, later, pier, type Spec } from './support/pier.ts'
import { HOUR, MINUTE, rest, SECOND } from './support/time.ts'

type Pier = ReturnType<typeof pier>

/** A job that goes on until its signal fires, or until it is let go; and its runs. */
function long(here: Pier, spec: Spec = {}) {
  const runs: { run: Run; reason: Promise<Error>; end: () => void }[] = []
  const job = here.job('Long', {
    async perform() {
      const { promise, resolve } = later()
      const reason = aborted(this.signal)
      runs.push({ run: this, reason, end: resolve })
      const thrown = await Promise.race([promise, reason])
      if (thrown) throw thrown
    },
    ...spec,
  })
  return { job, runs }
}

/** A job that nothing moves. */
const deaf = (here: Pier) => here.job('Deaf', { perform: () => new Promise(() => {}) })

const inQueue = async ({ app }: Pier, name = 'default') =>
  (await app.queue(name).page()).jobs.map(({ args }) => args[0])

describe('timeout', () => {
  test('aborts the run, which fails with JobTimeoutError', async () => {
    const here = pier()
    const { job, runs } = long(here, { timeout: '10s' })
    await job.performAsync()
    await here.work()
    await here.pass(10 * SECOND - 1)
    expect(runs[0]?.run.signal.aborted).toBe(false)
    await here.pass(1)
    expect(await runs[0]?.reason).toMatchObject({ name: 'JobTimeoutError' })
    const [retried] = (await here.app.retries.page()).jobs
    expect(retried?.error).toMatchObject({ class: 'JobTimeoutError', message: expect.stringContaining("'Long'") })
  })

  test('counts as a failure also when the handler throws its own abort error', async () => {
    const here = pier()
    const perform = async function (this: Run) {
      await aborted(this.signal)
      throw new DOMException('The operation was aborted', 'AbortError')
    }
    await here.job('Fetch', { timeout: '1s', perform }).performAsync()
    await here.work()
    await here.pass(2 * SECOND)
    expect((await here.app.retries.page()).jobs[0]?.error?.class).toBe('JobTimeoutError')
  })

  test('a run that ends well in spite of it is completed', async () => {
    const here = pier()
    await here
      .job('Tidy', {
        timeout: '1s',
        async perform() {
          await aborted(this.signal)
        },
      })
      .performAsync()
    await here.work()
    await here.pass(2 * SECOND)
    expect(await here.app.stats()).toMatchObject({ processed: 1, failed: 0, retry: 0 })
  })

  test('a run that ignores it is given up after 2 seconds; its slot is free, and health() counts it', async () => {
    const here = pier()
    await here.job('Deaf', { timeout: '1s', perform: () => new Promise(() => {}) }).performAsync()
    const { job, noted } = here.noting()
    await job.performAsync('next')
    const worker = await here.work({ concurrency: 1 })
    await here.pass(3 * SECOND - 1)
    expect([noted, worker.health().running, worker.health().abandoned]).toEqual([[], 1, 0])
    await here.pass(1)
    expect([noted, worker.health().running, worker.health().abandoned]).toEqual([['next'], 0, 1])
    expect(await here.app.retries.size()).toBe(1)
  })

  test('what a run says that was given up is dropped', async () => {
    const here = pier()
    const { promise, resolve, reject } = later()
    await here.job('Late', { timeout: '1s', perform: () => promise }).performAsync()
    await here
      .job('Later', { timeout: '1s', perform: () => promise.then(() => Promise.reject(new Error('late'))) })
      .performAsync()
    await here.work()
    await here.pass(4 * SECOND)
    resolve()
    reject(new Error())
    await rest()
    expect(await here.app.stats()).toMatchObject({ processed: 2, failed: 2, retry: 2 })
  })
})

describe('cancel', () => {
  test("of a waiting, a scheduled and a retried job: 'waiting', and it never runs", async () => {
    const here = pier()
    const { job, noted } = here.noting()
    const fail = here.job('Fail', { perform: () => Promise.reject(new Error('x')) })
    await fail.performAsync()
    const worker = await here.work()
    await worker.stop()
    const waiting = await job.performAsync(1)
    const scheduled = await job.performIn('1m', 2)
    const retried = (await here.app.retries.page()).jobs[0]?.jid
    for (const jid of [waiting, scheduled, retried]) expect(await here.app.cancel(jid as string)).toBe('waiting')
    await here.work()
    await here.pass(2 * MINUTE)
    expect(noted).toEqual([])
    expect(await here.app.stats()).toMatchObject({ enqueued: 0, scheduled: 0, retry: 0, processed: 1 })
  })

  test("of a running job: 'running'; it hears at once, and is discarded", async () => {
    const here = pier()
    const events = here.heard('job:cancelled', 'job:failed', 'job:retried')
    const { job, runs } = long(here)
    const jid = (await job.performAsync()) as string
    await here.work()
    expect(await here.app.cancel(jid)).toBe('running')
    await rest()
    expect(await runs[0]?.reason).toMatchObject({ name: 'JobCancelledError' })
    expect(events).toEqual([['job:cancelled', expect.objectContaining({ jid, job: 'Long' })]])
    expect(await here.app.stats()).toMatchObject({ running: 0, retry: 0, dead: 0, enqueued: 0 })
    expect(await here.app.cancel(jid)).toBe('gone')
  })

  test('of a running job that fails of something else is not retried', async () => {
    const here = pier()
    const perform = async function (this: Run) {
      await aborted(this.signal)
      throw new Error('connection reset')
    }
    const jid = (await here.job('Fetch', { perform }).performAsync()) as string
    await here.work()
    await here.app.cancel(jid)
    await rest()
    expect(await here.app.stats()).toMatchObject({ running: 0, retry: 0, dead: 0 })
  })

  test("of a done, a dead and an unknown job: 'gone', and nothing happens", async () => {
    const here = pier()
    const done = await here.noting().job.performAsync()
    const dead = await here.job('Fail', { retry: 0, perform: () => Promise.reject(new Error()) }).performAsync()
    await here.work()
    for (const jid of [done, dead, 'unknown']) expect(await here.app.cancel(jid as string)).toBe('gone')
    expect(await here.app.dead.size()).toBe(1)
    await expect(here.app.cancel(7 as never)).rejects.toThrow('app.cancel() takes a jid; got 7 (number).')
  })

  test('of a handler that ignores it frees the slot after 2 seconds', async () => {
    const here = pier()
    const jid = (await deaf(here).performAsync()) as string
    const worker = await here.work()
    await here.app.cancel(jid)
    await here.pass(2 * SECOND)
    expect(worker.health()).toMatchObject({ running: 0, abandoned: 1 })
    expect(await here.app.stats()).toMatchObject({ running: 0, retry: 0 })
  })

  test('that comes while a failed run is being told of counts nobody as abandoned', async () => {
    const here = pier()
    const told = later()
    here.app.onError(() => told.promise)
    const jid = (await here.job('Fail', { perform: () => Promise.reject(new Error()) }).performAsync()) as string
    const worker = await here.work()
    expect(await here.app.cancel(jid)).toBe('running')
    await here.pass(3 * SECOND)
    told.resolve()
    await rest()
    expect(worker.health()).toMatchObject({ running: 0, abandoned: 0 })
    expect(await here.app.stats()).toMatchObject({ retry: 0, enqueued: 0 })
  })
})

test('a worker whose storage cannot wake it gives back what it has all the same, and has nothing to report', async () => {
  const here = pier()
  here.tap.wakes = false
  await deaf(here).performAsync('unfinished')
  const worker = await here.work()
  const stopping = worker.stop({ timeout: '0s' })
  await here.pass(10 * SECOND)
  expect((await stopping).unfinished).toHaveLength(1)
  expect(here.tap.count('retire')).toBe(1)
  expect(await inQueue(here)).toEqual(['unfinished'])
  expect(here.lines.filter(([level]) => level === 'error')).toEqual([])
})

describe('quiet', () => {
  test('claims no more; what runs goes on and sees this.stopping', async () => {
    const here = pier()
    const { job, runs } = long(here)
    await job.performAsync(1)
    const worker = await here.work()
    await worker.quiet()
    expect(runs[0]?.run.stopping).toBe(true)
    expect(worker.health()).toMatchObject({ status: 'quiet', claiming: false, running: 1 })
    await job.performAsync(2)
    await here.pass(MINUTE)
    expect([runs.length, runs[0]?.run.signal.aborted]).toEqual([1, false])
    expect((await here.app.workers())[0]?.quiet).toBe(true)
    runs[0]?.end()
    await rest()
    expect(await here.app.stats()).toMatchObject({ processed: 1, enqueued: 1 })
  })

  test('before the storage is open keeps the worker from starting', async () => {
    const here = pier()
    const { job, noted } = here.noting()
    const opened = later()
    here.tap.onOpen = () => opened.promise
    const worker = await here.work()
    await worker.quiet()
    opened.resolve()
    await job.performAsync(1)
    await here.pass(10 * SECOND)
    expect(noted).toEqual([])
    expect(await worker.stop()).toEqual({ unfinished: [] })
  })
})

describe('a claim that is under way when the worker becomes quiet', () => {
  test('is given back in its order, unperformed', async () => {
    const here = pier()
    const { job, noted } = here.noting()
    const answer = later()
    here.tap.on('exchange', async (call) => {
      const exchanged = await call()
      await answer.promise
      return exchanged
    })
    await job.performBulk([[1], [2], [3]])
    const worker = await here.work({ concurrency: 2 })
    await worker.quiet()
    here.tap.off('exchange')
    answer.resolve()
    await rest()
    expect([noted, await inQueue(here)]).toEqual([[], [1, 2, 3]])
    expect(await worker.stop()).toEqual({ unfinished: [] })
  })
})

describe('stop', () => {
  test('is heard by this.stopping at once, and lets jobs finish', async () => {
    const here = pier()
    const { job, runs } = long(here)
    await job.performAsync()
    const worker = await here.work()
    const stopping = worker.stop({ timeout: '10s' })
    expect(runs[0]?.run.stopping).toBe(true)
    await here.pass(9 * SECOND)
    expect(runs[0]?.run.signal.aborted).toBe(false)
    runs[0]?.end()
    expect(await stopping).toEqual({ unfinished: [] })
    expect(worker.health()).toMatchObject({ status: 'stopped', running: 0, claiming: false })
    expect(await here.app.stats()).toMatchObject({ processed: 1, enqueued: 0 })
    expect(await here.app.workers()).toEqual([])
  })

  test('gives the unfinished back to the front, in order, with no attempt spent', async () => {
    const here = pier()
    const { job, runs } = long(here)
    const jids = await job.performBulk([[1], [2], [3], [4]])
    const worker = await here.work({ concurrency: 2 })
    const texts = (await here.app.queue('default').page()).jobs.map(({ text }) => text)
    const stopping = worker.stop({ timeout: '5s' })
    await here.pass(5 * SECOND)
    expect(await runs[0]?.reason).toMatchObject({ name: 'ShutdownError' })
    const { unfinished } = await stopping
    expect(unfinished).toMatchObject(jids.slice(0, 2).map((jid) => ({ jid, job: 'Long', queue: 'default' })))
    expect(await inQueue(here)).toEqual([1, 2, 3, 4])
    expect((await here.app.queue('default').page()).jobs.slice(2).map(({ text }) => text)).toEqual(texts)
    expect((await here.app.queue('default').page()).jobs[0]?.payload).not.toHaveProperty('retry_count')
    expect(await here.app.stats()).toMatchObject({ processed: 0, failed: 0, running: 0 })
  })

  test('a handler that throws ShutdownError while the worker stops is given back at once', async () => {
    const here = pier()
    const started = later()
    const perform = async function (this: Run) {
      await started.promise
      if (this.stopping) throw new ShutdownError('to be continued')
    }
    await here.job('Polite', { perform }).performAsync('x')
    const worker = await here.work()
    const stopping = worker.stop()
    started.resolve()
    expect((await stopping).unfinished).toHaveLength(1)
    expect(await inQueue(here)).toEqual(['x'])
  })

  test('a handler that throws ShutdownError though nobody stops has failed', async () => {
    const here = pier()
    await here.job('Odd', { perform: () => Promise.reject(new ShutdownError('why not')) }).performAsync()
    await here.work()
    expect(await here.app.retries.size()).toBe(1)
  })

  test('whatever a handler throws after the signal, the job is given back', async () => {
    const here = pier()
    const perform = async function (this: Run) {
      await aborted(this.signal)
      throw new TypeError('fetch failed')
    }
    await here.job('Fetch', { perform }).performAsync('x')
    const worker = await here.work()
    const stopping = worker.stop({ timeout: '1s' })
    await here.pass(SECOND)
    expect((await stopping).unfinished).toHaveLength(1)
    expect(await inQueue(here)).toEqual(['x'])
  })

  test('a handler that ignores all is given up: its job goes back, too', async () => {
    const here = pier()
    await deaf(here).performAsync('x')
    const worker = await here.work()
    const begun = here.clock.now()
    let took = 0
    const stopping = worker.stop({ timeout: '1s' }).then((stopped) => {
      took = here.clock.now() - begun
      return stopped
    })
    await here.pass(MINUTE)
    expect((await stopping).unfinished).toMatchObject([{ job: 'Deaf' }])
    expect(took).toBe(3 * SECOND)
    expect(await inQueue(here)).toEqual(['x'])
  })

  test('twice gives the same answer', async () => {
    const here = pier()
    await deaf(here).performAsync('x')
    const worker = await here.work()
    const both = Promise.all([worker.stop({ timeout: '1s' }), worker.stop({ timeout: '1h' })])
    await here.pass(10 * SECOND)
    const [first, second] = await both
    expect(second).toBe(first)
    expect(await worker.stop()).toBe(first)
  })

  test('before the start is over resolves at once, and nothing starts later', async () => {
    const here = pier()
    const opened = later()
    here.tap.onOpen = () => opened.promise
    const worker = here.app.work()
    expect(await worker.stop()).toEqual({ unfinished: [] })
    opened.resolve()
    await rest()
    expect(worker.health().status).toBe('stopped')
    expect(here.tap.calls).toEqual([])
  })

  test('in the same breath as work() gives back what may have been claimed', async () => {
    const here = pier()
    const { job, noted } = here.noting()
    await job.performAsync(1)
    const worker = here.app.work()
    await worker.stop()
    await rest()
    expect([...noted, ...(await inQueue(here))]).toEqual([1])
    expect(await here.app.stats()).toMatchObject({ running: 0 })
  })

  test('a worker tells what it runs, and logs the same when a signal asks for it', async () => {
    const here = pier()
    const job = here.app.job('Walk', {
      async perform() {
        this.progress(2, 5, 'uphill')
        await new Promise(() => {})
      },
    })
    const jid = await job.performAsync()
    const worker = here.app.work()
    expect(worker.running()).toEqual([])
    expect(worker.health()).toMatchObject({ claiming: false, silentMs: undefined })
    await rest()
    expect(worker.health()).toMatchObject({ claiming: true, silentMs: 0 })
    await here.clock.advance(1_500)
    const run = { jid, job: 'Walk', queue: 'default', attempt: 1, runningMs: 1_500 }
    const progress = { done: 2, total: 5, note: 'uphill' }
    expect(worker.running()).toEqual([{ ...run, progress }])
    await here.app.signal(worker.id, 'dump')
    await rest()
    expect(here.lines).toContainEqual(['info', { worker: worker.id, ...run, progress }, 'running'])
  })

  test('a worker that hears a signal from afar', async () => {
    const here = pier()
    const { job, runs } = long(here)
    await job.performAsync()
    const worker = await here.work()
    expect(await here.app.signal(worker.id, 'dump')).toBe(true)
    await rest()
    expect(here.lines.some(([, fields, message]) => message === 'running' && fields.job === 'Long')).toBe(true)
    expect(await here.app.signal(worker.id, 'quiet')).toBe(true)
    await rest()
    expect(worker.health().status).toBe('quiet')
    expect(await here.app.signal(worker.id, 'stop')).toBe(true)
    await rest()
    expect(worker.health().status).toBe('stopping')
    runs[0]?.end()
    await rest()
    expect(worker.health().status).toBe('stopped')
    expect(await here.app.signal(worker.id, 'stop')).toBe(false)
    expect(await here.app.signal('nobody', 'stop')).toBe(false)
  })
})

describe('stop is bounded', () => {
  async function stopped(here: Pier, breakIt: () => void) {
    const { job, runs } = long(here)
    await job.performAsync('x')
    const worker = await here.work()
    breakIt()
    const begun = here.clock.now()
    let took: number | undefined
    const stopping = worker.stop({ timeout: '10s' }).then((answer) => {
      took = here.clock.now() - begun
      return answer
    })
    await here.pass(MINUTE)
    expect(took).toBeGreaterThanOrEqual(10 * SECOND)
    expect(took).toBeLessThanOrEqual(30 * SECOND)
    expect(runs).toHaveLength(1)
    return stopping
  }

  test('when the storage hangs for ever', async () => {
    const here = pier()
    const { unfinished } = await stopped(here, () => {
      here.tap.weather = 'hung'
    })
    expect(unfinished).toMatchObject([{ job: 'Long' }])
  })

  test('when the storage rejects for ever', async () => {
    const here = pier()
    const { unfinished } = await stopped(here, () => {
      here.tap.weather = 'down'
    })
    expect(unfinished).toMatchObject([{ job: 'Long' }])
    await here.pass(10 * SECOND)
    const calls = here.tap.calls.length
    await here.pass(HOUR)
    expect(here.tap.calls.length).toBe(calls)
    expect(here.clock.waiting).toBe(0)
  })

  test('when an error handler never ends', async () => {
    const here = pier()
    here.app.onError(() => new Promise(() => {}))
    await here.job('Fail', { perform: () => Promise.reject(new Error()) }).performAsync('x')
    const worker = await here.work()
    const stopping = worker.stop({ timeout: '1s' })
    await here.pass(MINUTE)
    await stopping
    expect(await inQueue(here)).toEqual(['x'])
  })

  test('and a stopped worker claims nothing when the storage comes back', async () => {
    const here = pier()
    const { job } = here.noting()
    const worker = await here.work()
    here.tap.on('exchange', () => Promise.reject(new StorageUnavailableError('away')))
    await job.performAsync(1)
    const stopping = worker.stop({ timeout: '0s' })
    await here.pass(5 * SECOND)
    await stopping
    here.tap.off('exchange')
    await here.pass(MINUTE)
    expect(await inQueue(here)).toEqual([1])
    expect(await here.app.stats()).toMatchObject({ running: 0, workers: 0 })
  })
})

describe('app.close', () => {
  test('stops the workers of the app, then closes the storage', async () => {
    const here = pier()
    const { job, runs } = long(here)
    await job.performAsync()
    const workers = [await here.work(), await here.work()]
    const closing = here.app.close()
    runs[0]?.end()
    await here.pass(SECOND)
    await closing
    expect(workers.map((worker) => worker.health().status)).toEqual(['stopped', 'stopped'])
    expect(here.tap.calls.at(-1)).toBe('close')
    await here.app.close()
  })

  test('makes later enqueues reject with ClosedError', async () => {
    const here = pier()
    const { job } = here.noting()
    await job.performAsync(1)
    await here.app.close()
    await expect(job.performAsync(2)).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    const unused = pier()
    await unused.app.close()
    await expect(unused.noting().job.performAsync(1)).rejects.toMatchObject({ code: 'ERR_CLOSED' })
  })

  test('leaves no worker behind that is made later', async () => {
    const here = pier()
    await here.app.close()
    let worker: { health(): { status: string } } | undefined
    try {
      worker = here.app.work()
    } catch {
      // That would do as well.
    }
    await here.pass(10 * SECOND)
    expect(worker?.health().status ?? 'stopped').toBe('stopped')
    expect(here.clock.waiting).toBe(0)
  })
})

describe('a lost lease', () => {
  /** A job runs in a worker that the storage does not hear, until another worker has recovered and done it. */
  async function robbed(spec: Spec = {}) {
    const clock = new ManualClock()
    const storage = memoryStorage()
    const slow = pier({ storage, clock })
    const other = pier({ storage, clock })
    const { job, runs } = long(slow, spec)
    const { noted } = other.noting('Long')
    await job.performAsync('x')
    const worker = await slow.work()
    await other.work({ queues: ['default'] })
    slow.tap.weather = 'hung'
    await slow.pass(30 * SECOND)
    expect(noted).toEqual(['x'])
    return { slow, other, runs, noted, worker }
  }

  test('is heard through the signal, with LeaseLostError', async () => {
    const { slow, runs, worker } = await robbed()
    expect(runs[0]?.run.signal.aborted).toBe(false)
    slow.tap.weather = 'fair'
    await rest()
    expect(await runs[0]?.reason).toMatchObject({ name: 'LeaseLostError' })
    expect(worker.health()).toMatchObject({ status: 'running', running: 0 })
    expect(await slow.app.stats()).toMatchObject({ processed: 1, enqueued: 0, retry: 0, running: 0, workers: 2 })
  })

  test('makes a late settlement be refused: nothing is counted twice', async () => {
    const { slow, runs, noted } = await robbed()
    runs[0]?.end()
    await rest()
    slow.tap.weather = 'fair'
    await slow.pass(MINUTE)
    expect(noted).toEqual(['x'])
    expect(await slow.app.stats()).toMatchObject({ processed: 1, failed: 0, enqueued: 0, retry: 0, running: 0 })
    const line = { worker: slow.lines[0]?.[1].worker, refused: 1 }
    expect(slow.lines).toContainEqual(['warn', line, 'jobs ended too late: another worker had recovered them'])
  })

  test('makes a late failure be refused: no retry is stored', async () => {
    const { slow, other, noted } = await robbed({
      async perform() {
        await aborted(this.signal)
        throw new Error('robbed')
      },
    })
    slow.tap.weather = 'fair'
    await slow.pass(MINUTE)
    expect(noted).toEqual(['x'])
    expect(await other.app.stats()).toMatchObject({ processed: 1, failed: 0, retry: 0 })
  })

  test('does not keep the worker from working', async () => {
    const { slow, other, runs } = await robbed()
    slow.tap.weather = 'fair'
    await rest()
    await other.app.close()
    await slow.app.client.push({ class: 'Long', args: ['more'] })
    await rest()
    expect(runs.map(({ run }) => run.payload.args)).toEqual([['x'], ['more']])
  })
})
