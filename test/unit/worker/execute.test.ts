import { setTimeout as sleep } from 'node:timers/promises'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { JobCancelledError, JobTimeoutError, LeaseLostError, ShutdownError } from '../../../src/errors.ts'
import type { Run } from '../../../src/run.ts'
import { execute, type Outcome } from '../../../src/worker/execute.ts'
import { engine } from '../support/engine.ts'
import { thenable } from '../support/thenable.ts'

type Perform = (this: Run, ...args: never[]) => unknown

/** What becomes of one run of this `perform`. */
async function outcomeOf(perform: Perform, args: unknown[] = []): Promise<Outcome> {
  const { task, context } = engine({ Work: { perform } })
  return execute(task({ args }), context)
}
const completed = (value?: unknown) => ({ kind: 'completed', value })

describe('a run that ends well', () => {
  test.each<[string, Perform]>([
    ['async', async () => 7],
    ['sync', () => 7],
    ['a thenable', () => thenable((resolve: (value: number) => void) => resolve(7))],
    ['a promise of another realm', () => runInNewContext('Promise.resolve(7)')],
  ])('is completed with what it answers: %s', async (_name, perform) => {
    expect(await outcomeOf(perform)).toEqual(completed(7))
  })

  test.each([undefined, null, 0, '', thenable(7)])('whatever that is: %j', async (value) => {
    expect(await outcomeOf(() => value)).toEqual(completed(value))
  })

  test('has the arguments, and the run as this', async () => {
    const { task, context } = engine({
      Work: {
        perform(...args) {
          return [this, ...args]
        },
      },
    })
    const job = task({ args: [7, { a: [null] }] })
    expect(await execute(job, context)).toEqual(completed([job, 7, { a: [null] }]))
  })

  test('leaves no timer behind', async () => {
    const { task, context, clock } = engine({ Work: { perform: async () => 7, timeout: '10m' } })
    await execute(task(), context)
    expect(clock.waiting).toBe(0)
  })
})

describe('a run that throws', () => {
  const error = new TypeError('boom')
  const throws = (): never => {
    throw error
  }

  test.each<[string, Perform]>([
    [
      'async',
      async () => {
        throw error
      },
    ],
    [
      'sync',
      () => {
        throw error
      },
    ],
    ['a thenable', () => thenable((_: unknown, reject: (thrown: Error) => void) => reject(error))],
    ['a thenable whose then throws', () => thenable(throws)],
    ['a then that cannot be read', () => Object.defineProperty({}, 'then', { get: throws })],
  ])('is failed with that very error: %s', async (_name, perform) => {
    const outcome = await outcomeOf(perform)
    expect(outcome.kind === 'failed' && outcome.error).toBe(error)
  })

  test.each<[unknown, string]>([
    ['boom', 'a string was thrown: boom'],
    [undefined, 'a undefined was thrown: undefined'],
    [{ status: 500 }, 'a object was thrown: {"status":500}'],
  ])('what is no Error becomes one: %j', async (thrown, message) => {
    const outcome = await outcomeOf(() => {
      throw thrown
    })
    expect(outcome).toMatchObject({ kind: 'failed', error: { name: 'NonError', message, cause: thrown } })
    expect(outcome.kind === 'failed' && outcome.error).toBeInstanceOf(Error)
  })

  test('leaves no timer behind', async () => {
    const { task, context, clock } = engine({
      Work: {
        perform: () => {
          throw error
        },
        timeout: '10m',
      },
    })
    await execute(task(), context)
    expect(clock.waiting).toBe(0)
  })
})

describe('a run that is told to end', () => {
  /** A job that heeds its signal, or not, and is told to end after a second. */
  async function told(reason: Error, perform: Perform) {
    const { task: taskOf, context, clock } = engine({ Work: { perform } })
    const task = taskOf()
    let outcome: Outcome | undefined
    execute(task, context).then((got) => (outcome = got))
    await clock.advance(1_000)
    task.abort(reason)
    await clock.advance(0)
    return { task, clock, outcome: () => outcome }
  }
  const heeds: Perform = function () {
    return new Promise((_resolve, reject) => this.signal.addEventListener('abort', () => reject(this.signal.reason)))
  }
  const throwsItsOwn: Perform = function () {
    return new Promise((_resolve, reject) =>
      this.signal.addEventListener('abort', () => reject(new Error('AbortError'))),
    )
  }
  const ignores: Perform = () => new Promise(() => {})

  test.each([
    [new ShutdownError('stop'), { kind: 'unfinished' }],
    [new JobCancelledError('enough'), { kind: 'cancelled' }],
    [new LeaseLostError('gone'), { kind: 'lost' }],
  ])('%s: at once when it heeds its signal, whatever it throws then', async (reason, outcome) => {
    expect((await told(reason, heeds)).outcome()).toEqual(outcome)
    expect((await told(reason, throwsItsOwn)).outcome()).toEqual(outcome)
  })

  test.each([
    [new ShutdownError('stop'), 'unfinished'],
    [new JobCancelledError('enough'), 'cancelled'],
    [new LeaseLostError('gone'), 'lost'],
    [new JobTimeoutError('late'), 'failed'],
  ])('%s: after two seconds when it ignores its signal', async (reason, kind) => {
    const { task, clock, outcome } = await told(reason, ignores)
    await clock.advance(1_999)
    expect(outcome()).toBeUndefined()
    await clock.advance(1)
    expect(outcome()?.kind).toBe(kind)
    expect([task.isAbandoned, clock.waiting]).toEqual([true, 0])
  })

  test('and has ended well before it heard is completed', async () => {
    const answers: Perform = function () {
      return new Promise((resolve) => this.signal.addEventListener('abort', () => resolve('done')))
    }
    expect((await told(new ShutdownError('stop'), answers)).outcome()).toEqual(completed('done'))
  })

  test('before it began never begins', async () => {
    let runs = 0
    for (const [reason, kind] of [
      [new JobCancelledError('enough'), 'cancelled'],
      [new ShutdownError('stop'), 'unfinished'],
    ] as const) {
      const { task: taskOf, context, clock } = engine({ Work: { perform: () => runs++ } })
      const task = taskOf()
      task.abort(reason)
      await clock.advance(5_000)
      expect((await execute(task, context)).kind).toBe(kind)
      expect([runs, task.isAbandoned, clock.waiting]).toEqual([0, false, 0])
    }
  })
})

describe('a timeout', () => {
  const never: Perform = () => new Promise(() => {})

  test('fails the run with a JobTimeoutError that says how long it was', async () => {
    const heeds: Perform = function () {
      return new Promise((_resolve, reject) => this.signal.addEventListener('abort', () => reject(this.signal.reason)))
    }
    const { task, context, clock } = engine({ Work: { perform: heeds, timeout: '10m' } })
    const outcome = execute(task(), context)
    await clock.advance(600_000)
    expect(await outcome).toMatchObject({
      kind: 'failed',
      error: { name: 'JobTimeoutError', message: `The job 'Work' ran longer than its timeout of "10m".` },
    })
  })

  test('comes exactly then, and gives up two seconds later', async () => {
    const { task: taskOf, context, clock } = engine({ Work: { perform: never, timeout: { seconds: 10 } } })
    const task = taskOf()
    let outcome: Outcome | undefined
    execute(task, context).then((got) => (outcome = got))
    await clock.advance(9_999)
    expect(task.signal.aborted).toBe(false)
    await clock.advance(1)
    expect(task.signal.reason).toBeInstanceOf(JobTimeoutError)
    await clock.advance(1_999)
    expect(outcome).toBeUndefined()
    await clock.advance(1)
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'ERR_JOB_TIMEOUT' } })
  })

  test('keeps what was thrown on the way as its cause', async () => {
    const perform: Perform = function () {
      return new Promise((_resolve, reject) =>
        this.signal.addEventListener('abort', () => reject(new Error('socket closed'))),
      )
    }
    const { task, context, clock } = engine({ Work: { perform, timeout: '1s' } })
    const outcome = execute(task(), context)
    await clock.advance(1_000)
    expect(await outcome).toMatchObject({ error: { name: 'JobTimeoutError', cause: { message: 'socket closed' } } })
  })

  test("makes no circle of causes: Node's own AbortErrors have the reason as their cause", async () => {
    const perform: Perform = function () {
      return sleep(1e6, undefined, { signal: this.signal })
    }
    const { task, context, clock } = engine({ Work: { perform, timeout: '1s' } })
    const outcome = execute(task(), context)
    await clock.advance(1_000)
    const failed = await outcome
    const seen = new Set<unknown>()
    for (let error: unknown = failed.kind === 'failed' && failed.error; error; error = (error as Error).cause) {
      expect(seen.has(error)).toBe(false)
      seen.add(error)
    }
    expect(seen.size).toBeGreaterThan(0)
  })

  test('covers the middleware around', async () => {
    const { task, context, clock, workerMiddleware } = engine({ Work: { perform: () => 7, timeout: '1s' } })
    workerMiddleware.add(() => new Promise(() => {}))
    const outcome = execute(task(), context)
    await clock.advance(3_000)
    expect(await outcome).toMatchObject({ kind: 'failed', error: { code: 'ERR_JOB_TIMEOUT' } })
  })
})

describe('the shutdown reason, thrown early', () => {
  const perform = () => {
    throw new ShutdownError('I see that we stop')
  }

  test('by a worker that stops: the job is given back', async () => {
    const { task, context, host } = engine({ Work: { perform } })
    host.stopping = true
    expect(await execute(task(), context)).toEqual({ kind: 'unfinished' })
  })

  test('by one that does not: the job failed', async () => {
    expect(await outcomeOf(perform)).toMatchObject({ kind: 'failed', error: { name: 'ShutdownError' } })
  })

  test('any other error of a worker that stops is a failure', async () => {
    const { task, context, host } = engine({
      Work: {
        perform: () => {
          throw new Error('boom')
        },
      },
    })
    host.stopping = true
    expect(await execute(task(), context)).toMatchObject({ kind: 'failed', error: { message: 'boom' } })
  })
})

describe('a job that cannot run', () => {
  test('is malformed when its bytes are no job', async () => {
    const { taskOf, context, heard } = engine()
    const events = heard('job:started', 'job:failed')
    expect(await execute(taskOf('{"class":'), context)).toMatchObject({
      kind: 'malformed',
      error: { code: 'ERR_MALFORMED_PAYLOAD' },
    })
    expect(events).toEqual([])
  })

  test.each<[string, string[], string]>([
    [
      'Wrok',
      ['Work', 'Other'],
      `There is no job 'Wrok' here: define it with app.job() before app.work(); did you mean 'Work'?`,
    ],
    [
      'Unheard',
      ['Work', 'Other'],
      `There is no job 'Unheard' here: define it with app.job() before app.work(); this process defines Work, Other.`,
    ],
    ['Work', [], `There is no job 'Work' here: define it with app.job() before app.work(); this process defines none.`],
    [
      '__proto__',
      ['Work'],
      `There is no job '__proto__' here: define it with app.job() before app.work(); this process defines Work.`,
    ],
    [
      'constructor',
      ['Work'],
      `There is no job 'constructor' here: define it with app.job() before app.work(); this process defines Work.`,
    ],
  ])('fails when nobody here defines it: %s', async (name, defined, message) => {
    const { task, context } = engine(Object.fromEntries(defined.map((each) => [each, { perform: () => 7 }])))
    const outcome = await execute(task({ class: name }), context)
    expect(outcome).toMatchObject({
      kind: 'failed',
      error: { name: 'UnknownJobError', code: 'ERR_UNKNOWN_JOB', message },
    })
  })

  test('fails when it has no perform here', async () => {
    const { task, context } = engine({ Work: {} })
    const message = `The job 'Work' has no perform here; leave its queue 'low' to a worker that has.`
    expect(await execute(task(), context)).toMatchObject({
      kind: 'failed',
      error: { code: 'ERR_UNKNOWN_JOB', message },
    })
  })

  test.each([
    [0, 'completed'],
    [2, 'completed'],
    [3, 'poisoned'],
    [9, 'poisoned'],
  ])('is not performed when its workers vanished three times: %i times, %s', async (recoveries, kind) => {
    let runs = 0
    const { task, context, heard } = engine({ Work: { perform: () => void runs++ } })
    const events = heard('job:started', 'job:failed')
    const outcome = await execute(task({}, recoveries), context)
    expect([outcome.kind, runs]).toEqual([kind, kind === 'completed' ? 1 : 0])
    expect(events).toHaveLength(runs)
    if (outcome.kind === 'poisoned') expect(outcome.error.name).toBe('PoisonedJobError')
  })

  test.each<[number, string]>([
    [-1, 'expired'],
    [0, 'expired'],
    [1, 'completed'],
  ])('is expired when its time is over: in %i ms, %s', async (ms, kind) => {
    let runs = 0
    const { task, context, clock } = engine({ Work: { perform: () => void runs++ } })
    expect((await execute(task({ expires_at: (clock.now() + ms) / 1_000 }), context)).kind).toBe(kind)
    expect((await execute(task({ expires_at: clock.now() + ms }), context)).kind).toBe(kind)
    expect(runs).toBe(kind === 'completed' ? 2 : 0)
  })

  test.each([['soon'], [null], [{}]])('is not expired by an expires_at of %j', async (expires_at) => {
    const { task, context } = engine({ Work: { perform: () => 7 } })
    expect(await execute(task({ expires_at } as never), context)).toEqual(completed(7))
  })
})

describe('middleware', () => {
  test('is around perform, with the run as its subject; the value comes through', async () => {
    const order: unknown[] = []
    const {
      task: taskOf,
      context,
      workerMiddleware,
    } = engine({ Work: { perform: async () => order.push('perform') && 7 } })
    const task = taskOf()
    workerMiddleware.add(async (run, next) => {
      order.push(run === task)
      await next()
      order.push('after')
    })
    expect(await execute(task, context)).toEqual(completed(7))
    expect(order).toEqual([true, 'perform', 'after'])
  })

  test('that stops the job completes it, with nothing done', async () => {
    const { task, context, workerMiddleware } = engine({ Work: { perform: () => expect.unreachable() } })
    workerMiddleware.add(() => {})
    expect(await execute(task(), context)).toEqual(completed())
  })

  test('that throws fails it', async () => {
    const { task, context, workerMiddleware } = engine({ Work: { perform: () => 7 } })
    workerMiddleware.add(async (_run, next) => {
      await next()
      throw new Error('after')
    })
    expect(await execute(task(), context)).toMatchObject({ kind: 'failed', error: { message: 'after' } })
  })

  test('sees what perform throws, sync too', async () => {
    const { task, context, workerMiddleware } = engine({
      Work: {
        perform: () => {
          throw new Error('boom')
        },
      },
    })
    const seen: string[] = []
    workerMiddleware.add(async (_run, next) => {
      await next().catch((error: Error) => {
        seen.push(error.message)
        throw new Error('translated')
      })
    })
    expect(await execute(task(), context)).toMatchObject({ kind: 'failed', error: { message: 'translated' } })
    expect(seen).toEqual(['boom'])
  })

  test('does not see a job that cannot run', async () => {
    const { task, context, workerMiddleware } = engine()
    let runs = 0
    workerMiddleware.add(() => void runs++)
    expect([(await execute(task(), context)).kind, runs]).toEqual(['failed', 0])
  })
})

describe('events', () => {
  const about = { jid: 'j1', job: 'Work', queue: 'low', attempt: 1, payload: { class: 'Work' } }

  test('a run that ends well: started, completed', async () => {
    const { task, context, heard, clock } = engine({
      Work: { perform: () => new Promise((resolve) => void clock.after(250, () => resolve(7))) },
    })
    const events = heard('job:started', 'job:completed', 'job:failed')
    const running = execute(task(), context)
    await clock.advance(250)
    await running
    expect(events).toMatchObject([
      ['job:started', about],
      ['job:completed', { ...about, durationMs: 250 }],
    ])
  })

  test('a run that fails: started, failed with the error', async () => {
    const error = new Error('boom')
    const { task, context, heard } = engine({ Work: { perform: () => Promise.reject(error) } })
    const events = heard('job:started', 'job:completed', 'job:failed')
    await execute(task({ retry_count: 3 }), context)
    expect(events.map(([name]) => name)).toEqual(['job:started', 'job:failed'])
    expect(events[1]?.[1]).toMatchObject({ ...about, attempt: 5, durationMs: 0, error })
  })

  test('a run that was told to end is neither', async () => {
    const { task: taskOf, context, heard } = engine({ Work: { perform: () => Promise.reject(new Error('x')) } })
    const events = heard('job:started', 'job:completed', 'job:failed')
    const task = taskOf()
    const running = execute(task, context)
    task.abort(new JobCancelledError('enough'))
    await running
    expect(events.map(([name]) => name)).toEqual(['job:started'])
  })

  test('an expired job never started', async () => {
    const { task, context, heard } = engine({ Work: { perform: () => 7 } })
    const events = heard('job:started', 'job:completed', 'job:failed')
    await execute(task({ expires_at: 1.5 }), context)
    expect(events).toEqual([])
  })
})
