import { describe, expect, test } from 'vitest'
import { JobCancelledError, ShutdownError } from '../../../src/errors.ts'
import type { Run } from '../../../src/run.ts'
import { engine } from '../support/engine.ts'

const TEXT = '{"class":"Work","args":[1.0],"jid":"j1","queue":"default","retry_count":1}'

describe('a claimed job', () => {
  test('is what was claimed, and keeps its text as it is', () => {
    const { taskOf, clock } = engine()
    const task = taskOf(TEXT)
    const job = { token: 7, queue: 'low', text: TEXT, recoveries: 0 }
    expect(task).toMatchObject({ job, queue: 'low', startedAt: clock.now(), malformed: undefined })
    expect(task.payload).toMatchObject({ class: 'Work', jid: 'j1', queue: 'default' })
  })

  test('is a run: jid, the queue it was taken from, payload, attempt, app', () => {
    const { taskOf, app } = engine()
    const run: Run = taskOf(TEXT)
    expect([run.jid, run.queue, run.attempt, run.app]).toEqual(['j1', 'low', 3, app])
    expect(run.payload).toEqual(JSON.parse(TEXT))
  })

  test.each(['', '{"class":', '[]', '{"class":"A"}'])('that is no payload says so, with nothing in it: %s', (text) => {
    const task = engine().taskOf(text)
    expect(task.malformed).toMatchObject({ code: 'ERR_MALFORMED_PAYLOAD' })
    expect(task).toMatchObject({ job: { text }, payload: { class: '', args: [], jid: '', queue: 'low' } })
  })

  test.each([
    [undefined, 1],
    [0, 2],
    [24, 26],
    [-1, 1],
    ['x', 1],
    [null, 1],
  ])('with retry_count %j: attempt %i', (retry_count, attempt) => {
    expect(engine().task({ retry_count } as never).attempt).toBe(attempt)
  })

  test('stops when its worker does', () => {
    const { task, host } = engine()
    const run: Run = task()
    expect(run.stopping).toBe(false)
    host.stopping = true
    expect(run.stopping).toBe(true)
  })

  test('logs with jid, job, queue and attempt', () => {
    const { task, lines } = engine()
    task({ retry_count: 0 }).log.info({ orderId: 7 }, 'charged')
    expect(lines).toEqual([['info', { jid: 'j1', job: 'Work', queue: 'low', attempt: 2, orderId: 7 }, 'charged']])
  })
})

describe('the signal', () => {
  test('is one, and is not aborted by itself', () => {
    const run: Run = engine().task()
    expect(run.signal).toBe(run.signal)
    expect(run.signal.aborted).toBe(false)
  })

  test.each(['before', 'after'])('aborts with the reason, asked for %s', (when) => {
    const task = engine().task()
    const reason = new ShutdownError('stop')
    if (when === 'before') task.signal.throwIfAborted()
    task.abort(reason)
    expect(task.signal).toMatchObject({ aborted: true, reason })
    expect(task.abortedBy).toBe(reason)
  })

  test('aborts once: the first reason counts', () => {
    const { task: taskOf, clock } = engine()
    const task = taskOf()
    let heard = 0
    task.orGivenUp(new Promise(() => {})).catch(() => {})
    task.signal.addEventListener('abort', () => heard++)
    task.abort(new JobCancelledError('first'))
    task.abort(new ShutdownError('second'))
    expect([task.abortedBy?.message, task.signal.reason.message, heard]).toEqual(['first', 'first', 1])
    expect(clock.waiting).toBe(1)
  })
})

describe('what runs', () => {
  test.each(['resolves', 'rejects'])('settles to what it settles to: it %s', async (how) => {
    const task = engine().task()
    const work = how === 'resolves' ? Promise.resolve(7) : Promise.reject(new Error('boom'))
    const settled = await task.orGivenUp(work).catch((error: Error) => error.message)
    expect(settled).toBe(how === 'resolves' ? 7 : 'boom')
  })

  test('is given up two seconds after it was told to end, for that reason', async () => {
    const { task: taskOf, clock } = engine()
    const task = taskOf()
    const reason = new JobCancelledError('enough')
    let settled: unknown
    task.orGivenUp(new Promise(() => {})).catch((error) => (settled = error))
    await clock.advance(60_000)
    task.abort(reason)
    await clock.advance(1_999)
    expect([settled, task.isAbandoned]).toEqual([undefined, false])
    await clock.advance(1)
    expect([settled, task.isAbandoned]).toEqual([reason, true])
  })

  test('may still end within that time', async () => {
    const { task: taskOf, clock } = engine()
    const task = taskOf()
    let finish = (_value: number): void => {}
    const running = task.orGivenUp(new Promise<number>((resolve) => (finish = resolve)))
    task.abort(new ShutdownError('stop'))
    await clock.advance(1_000)
    finish(7)
    expect(await running).toBe(7)
    task.end()
    await clock.advance(5_000)
    expect([task.isAbandoned, clock.waiting]).toEqual([false, 0])
  })

  test('is heard no more once it was given up', async () => {
    const { task: taskOf, clock } = engine()
    const task = taskOf()
    let fail = (_error: Error): void => {}
    const running = task.orGivenUp(new Promise((_resolve, reject) => (fail = reject)))
    running.catch(() => {})
    task.abort(new ShutdownError('stop'))
    await clock.advance(2_000)
    fail(new Error('late')) // an unhandled rejection would fail this run of the tests
    await expect(running).rejects.toThrow('stop')
  })

  test('that has ended is not abandoned by an abort that comes later', async () => {
    const { task: taskOf, clock } = engine()
    const task = taskOf()
    await task.orGivenUp(Promise.resolve())
    task.end()
    task.abort(new JobCancelledError('late'))
    await clock.advance(10_000)
    expect(task.isAbandoned).toBe(false)
  })
})

describe('what the heartbeat hears', () => {
  test('is the job and when it began', () => {
    const { taskOf, clock } = engine()
    expect(taskOf(TEXT).report()).toEqual({ token: 7, startedAt: clock.now() })
  })

  test.each<[unknown[], object]>([
    [[0.5], { done: 0.5 }],
    [[3, 10], { done: 3, total: 10 }],
    [[3, 10, 'pages'], { done: 3, total: 10, note: 'pages' }],
    [[0.5, undefined, 'half'], { done: 0.5, note: 'half' }],
  ])('and its progress: %j', (given, progress) => {
    const task = engine().task()
    task.progress(...(given as [number]))
    expect(task.report().progress).toEqual(progress)
  })

  test.each([[[Number.NaN]], [[1, Infinity]], [['1']]])('but no progress that is no number: %j', (given) => {
    const task = engine().task()
    expect(() => task.progress(...(given as [number]))).toThrow('this.progress() takes finite numbers; got ')
    expect(task.report()).not.toHaveProperty('progress')
  })
})
