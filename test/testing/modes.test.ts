import { describe, expect, test, vi } from 'vitest'
import { OptionError } from '../../src/index.ts'
import { advance, disable, drain, fake, inline, jobs } from '../../src/testing/index.ts'
import { harbour } from './harbour.ts'

const refusal = (text: RegExp) => expect.objectContaining({ name: 'OptionError', message: expect.stringMatching(text) })

test('importing changes nothing', async () => {
  const { app, reached } = harbour()
  const job = app.job('Note', { perform: () => {} })
  await job.performAsync()
  expect(reached).toContain('push')
  expect(() => jobs(job)).toThrow(OptionError)
  expect(() => jobs(job)).toThrow('jobs(): the app is in no testing mode; call fake(app) first')
})

describe('for good', () => {
  test.each([
    ['fake', (app) => fake(app)],
    ['inline', (app) => inline(app)],
  ] as [string, (app: ReturnType<typeof harbour>['app']) => void][])(
    '%s keeps everything away from the own storage, and inspection sees what it does',
    async (_, enter) => {
      const { app, reached } = harbour()
      const job = app.job('Note', { perform: () => {} })
      enter(app)
      await job.performAsync()
      await job.performBulk([[], []])
      await app.client.push({ class: 'Note', args: [] })
      await job.performIn('5m')
      await drain(app)
      await advance(app, '1h')
      expect(await app.queue('default').size()).toBe(0)
      expect((await app.stats()).processed).toBe(5)
      await app.retries.page()
      await app.cancel('nobody')
      await app.clear()
      expect(reached).toEqual([])
    },
  )

  test('disable goes back to the own storage, and each fake starts afresh', async () => {
    const { app, reached } = harbour()
    const job = app.job('Note', { perform: () => {} })
    fake(app)
    await job.performAsync()
    fake(app)
    expect(jobs(app)).toEqual([])
    disable(app)
    await job.performAsync()
    expect(await app.queue('default').size()).toBe(1)
    expect(reached).toContain('push')
  })

  test('is refused while a block is open', async () => {
    const { app } = harbour()
    await fake(app, () => {
      expect(() => inline(app)).toThrow('inline(app) holds for good, but a block is open')
    })
  })
})

describe('a block', () => {
  test('answers what its body answers, and restores what was before', async () => {
    const { app, reached } = harbour()
    const job = app.job('Note', { perform: () => {} })
    const count = await fake(app, async () => {
      await job.performAsync()
      return jobs(job).length
    })
    expect([count, reached]).toEqual([1, []])
    await job.performAsync()
    expect(reached).toContain('push')
  })

  test('restores also after a throw, sync or async', async () => {
    const { app } = harbour()
    await expect(fake(app, () => Promise.reject(new Error('late')))).rejects.toThrow('late')
    await expect(
      inline(app, () => {
        throw new Error('early')
      }),
    ).rejects.toThrow('early')
    expect(() => jobs(app)).toThrow(OptionError)
  })

  test('nests, each with jobs of its own, and goes on in the time that it finds', async () => {
    const { app, reached } = harbour()
    const ran: number[] = []
    const job = app.job('Note', { perform: (n: number) => void ran.push(n) })
    fake(app)
    await job.performIn('1h', 1)
    await fake(app, async () => {
      await job.performAsync(2)
      await inline(app, async () => {
        await job.performAsync(3)
        expect(ran).toEqual([3])
        await disable(app, () => expect(() => jobs(app)).toThrow(OptionError))
      })
      expect(jobs(job).map(({ args }) => args)).toEqual([[2]])
    })
    expect(jobs(job).map(({ args }) => args)).toEqual([[1]])
    await advance(app, '1h')
    expect([ran, reached]).toEqual([[3, 1], []])
  })

  test('that is not inside of an open one is refused, and the open one goes on', async () => {
    const { app } = harbour()
    const job = app.job('Note', { perform: () => {} })
    const first = fake(app, async () => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      await job.performAsync()
      return jobs(job).length
    })
    const second = fake(app, async () => {})
    await expect(second).rejects.toEqual(refusal(/another block is open on this app, and this one is not inside of it/))
    expect(await first).toBe(1)
  })

  test('two at once inside of a third are refused too', async () => {
    const { app } = harbour()
    await fake(app, async () => {
      const wait = () => new Promise<void>((resolve) => setTimeout(resolve, 5))
      const both = await Promise.allSettled([fake(app, wait), inline(app, wait)])
      expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    })
  })

  test('that ends before one inside of it is told so, and leaves no trace once that is over', async () => {
    const { app, reached } = harbour()
    const job = app.job('Note', { perform: () => {} })
    let inner: Promise<number> | undefined
    const outer = fake(app, () => {
      inner = fake(app, async () => {
        await new Promise((resolve) => setTimeout(resolve, 10))
        await job.performAsync()
        return jobs(job).length
      })
    })
    await expect(outer).rejects.toEqual(refusal(/the block ended while another one inside of it was open/))
    expect([await inner, reached]).toEqual([1, []])
    expect(() => jobs(app)).toThrow(OptionError)
  })

  test('that ends while a job is performed is told so', async () => {
    const { app } = harbour()
    const job = app.job('Slow', { perform: () => new Promise((resolve) => setTimeout(resolve, 5)) })
    const block = fake(app, async () => {
      await job.performAsync()
      void drain(app)
    })
    await expect(block).rejects.toEqual(refusal(/the block ended while a job was performed; await drain/))
  })

  test('keeps a push that nobody awaited, however slow its middleware', async () => {
    const { app, reached } = harbour()
    const job = app.job('Note', { perform: () => {} })
    app.use(async (_push, next) => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      await next()
    })
    let stored: Promise<string | null> | undefined
    await fake(app, () => {
      stored = job.performAsync()
    })
    await stored
    expect(reached).toEqual([])
  })
})

test('two apps are apart', async () => {
  const [one, two] = [harbour(), harbour()]
  const [a, b] = [one.app.job('Note', {}), two.app.job('Note', {})]
  await Promise.all([
    fake(one.app, async () => {
      await a.performAsync()
      await new Promise((resolve) => setTimeout(resolve, 5))
      expect(jobs(a)).toHaveLength(1)
    }),
    fake(two.app, async () => {
      await new Promise((resolve) => setTimeout(resolve, 2))
      expect(jobs(b)).toEqual([])
    }),
  ])
  fake(one.app)
  await b.performAsync()
  expect([one.reached, two.reached.includes('push')]).toEqual([[], true])
})

describe('workers', () => {
  test('do not start in a testing mode', async () => {
    const { app } = harbour()
    fake(app)
    expect(() => app.work()).toThrow('app.work(): the app is in fake mode, where drain() performs jobs')
    await disable(app, async () => {
      const worker = app.work()
      expect(() => fake(app)).toThrow('the app has a worker')
      await expect(inline(app, () => {})).rejects.toEqual(refusal(/stop it first/))
      await worker.stop()
    })
    fake(app)
    await app.close()
  })
})

test('what is no app, block or option is refused', async () => {
  const { app } = harbour()
  const job = app.job('Note', {})
  expect(() => fake({} as never)).toThrow('Expected an app, made by new Quayside(), or a job of it')
  expect(() => fake(job as never)).toThrow('fake() takes an app')
  await expect(fake(app, 'no' as never)).rejects.toEqual(refusal(/the block must be a function/))
  expect(() => inline(app, { scheduled: 'later' } as never)).toThrow("scheduled must be 'now' or 'kept'")
})

test('without a platform that can tell, blocks that end out of order are told so', async () => {
  const process = { ...globalThis.process, getBuiltinModule: undefined }
  vi.stubGlobal('process', process)
  vi.resetModules()
  const testing = await import('../../src/testing/index.ts')
  const { Quayside } = await import('../../src/index.ts')
  const { memoryStorage } = await import('../../adapters/memory/index.ts')
  vi.unstubAllGlobals()
  vi.stubGlobal('process', process)
  const app = new Quayside({ storage: memoryStorage(), logger: false })
  const wait = (ms: number) => () => new Promise((resolve) => setTimeout(resolve, ms))
  const first = testing.fake(app, wait(2))
  const second = testing.fake(app, wait(15))
  await expect(first).rejects.toEqual(refusal(/another one inside of it was open/))
  await second
  vi.unstubAllGlobals()
})
