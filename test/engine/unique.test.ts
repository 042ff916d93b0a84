import { describe, expect, test } from 'vitest'
import type { UniqueOptions } from '../../src/index.ts'
import { later, pier, type Spec } from './support/pier.ts'
import { HOUR, MINUTE, rest, SECOND } from './support/time.ts'

/** A unique job. */
function once(here: ReturnType<typeof pier>, unique: Partial<UniqueOptions> = {}, spec: Spec = {}) {
  return here.job('Once', { unique: { for: '1h', ...unique }, perform: () => {}, ...spec })
}

describe('a unique job', () => {
  test('is enqueued once: the second enqueue answers null', async () => {
    const here = pier()
    const job = once(here)
    const first = await job.performAsync(1)
    expect([first !== null, await job.performAsync(1), await job.performIn('5m', 1)]).toEqual([true, null, null])
    const [stored] = (await here.app.queue('default').page()).jobs
    expect(stored?.payload).toMatchObject({ unique_for: 3_600, unique_until: 'success' })
    expect(await here.app.stats()).toMatchObject({ enqueued: 1, scheduled: 0 })
  })

  test("with onConflict: 'jid' it answers the jid of the first", async () => {
    const here = pier()
    const job = once(here, { onConflict: 'jid' })
    const [first, second] = await Promise.all([job.performAsync(1), job.performAsync(1)])
    expect(second).toBe(first)
    expect(await here.app.queue('default').size()).toBe(1)
  })

  test('is another one with other arguments, or in another queue', async () => {
    const here = pier()
    const job = once(here)
    const jids = [
      await job.performAsync(1),
      await job.performAsync(2),
      await job.performAsync(1, 2),
      await job.set({ queue: 'low' }).performAsync(1),
    ]
    expect(jids).not.toContain(null)
  })

  test('tells listeners of what was stored only', async () => {
    const here = pier()
    const events = here.heard('job:enqueued')
    const job = once(here, { onConflict: 'jid' })
    await job.performAsync(1)
    await job.performAsync(1)
    expect(events).toHaveLength(1)
  })

  test('can be enqueued again when it is done', async () => {
    const here = pier()
    const job = once(here)
    await job.performAsync(1)
    await here.work()
    expect(await job.performAsync(1)).not.toBeNull()
  })

  test('holds its lock while it runs', async () => {
    const here = pier()
    const { promise, resolve } = later()
    const job = once(here, {}, { perform: () => promise })
    await job.performAsync(1)
    await here.work()
    expect(await job.performAsync(1)).toBeNull()
    resolve()
    await rest()
    expect(await job.performAsync(1)).not.toBeNull()
  })

  test("until: 'start' it may enqueue itself", async () => {
    const here = pier()
    const jids: unknown[] = []
    const job = once(
      here,
      { until: 'start' },
      {
        perform: async () => {
          if (jids.length < 3) jids.push(await job.performAsync(1))
        },
      },
    )
    jids.push(await job.performAsync(1))
    expect(await job.performAsync(1)).toBeNull()
    await here.work()
    await rest()
    expect(new Set(jids).size).toBe(3)
    expect(jids).not.toContain(null)
  })

  test("until: 'start', a run that ends takes no lock from one that waits", async () => {
    const here = pier()
    const { promise, resolve } = later()
    const job = once(here, { until: 'start' }, { perform: () => promise })
    await job.performAsync(1)
    await here.work({ concurrency: 1 })
    expect(await job.performAsync(1)).not.toBeNull()
    const [waiting] = (await here.app.queue('default').page()).jobs
    await here.app.queue('default').pause()
    resolve()
    await rest()
    expect(await job.performAsync(1)).toBeNull()
    expect(waiting).toBeDefined()
  })

  test('keeps its lock over retries, and frees it when it is dead', async () => {
    const here = pier()
    const job = once(here, {}, { retry: 1, perform: () => Promise.reject(new Error('x')) })
    await job.performAsync(1)
    await here.work()
    expect(await here.app.retries.size()).toBe(1)
    expect(await job.performAsync(1)).toBeNull()
    await here.pass(MINUTE)
    expect(await here.app.dead.size()).toBe(1)
    expect(await job.performAsync(1)).not.toBeNull()
  })

  test.each<[string, Spec]>([
    ['retry: false', { retry: false }],
    ['discardOn', { discardOn: [Error] }],
    ["retryIn: 'discard'", { retryIn: () => 'discard' }],
    ["retryIn: 'kill'", { retryIn: () => 'kill' }],
    ['dead: false', { retry: 0, dead: false }],
  ])('frees its lock when it is given up: %s', async (_name, spec) => {
    const here = pier()
    const job = once(here, {}, { perform: () => Promise.reject(new Error('x')), ...spec })
    await job.performAsync(1)
    await here.work()
    expect(await job.performAsync(1)).not.toBeNull()
  })

  test('frees its lock when it expires unperformed', async () => {
    const here = pier()
    const job = once(here, {}, { expiresIn: '1s' })
    await job.performAsync(1)
    await here.pass(2 * SECOND)
    await here.work()
    expect(await job.performAsync(1)).not.toBeNull()
  })

  type Way = (here: ReturnType<typeof pier>, jid: string) => Promise<unknown>
  test.each<[string, Way]>([
    ['deleted', ({ app }, jid) => app.queue('default').delete(jid)],
    ['cleared with its queue', ({ app }) => app.queue('default').clear()],
    ['cancelled', ({ app }, jid) => app.cancel(jid)],
    ['cleared with everything', ({ app }) => app.clear()],
  ])('frees its lock when it is %s', async (_name, end) => {
    const here = pier()
    const job = once(here)
    await end(here, (await job.performAsync(1)) as string)
    expect(await job.performAsync(1)).not.toBeNull()
  })

  test.each<[string, Way]>([
    ['deleted', ({ app }, jid) => app.scheduled.delete(jid)],
    ['killed', ({ app }, jid) => app.scheduled.kill(jid)],
    ['cleared', ({ app }) => app.scheduled.clear()],
    ['cancelled', ({ app }, jid) => app.cancel(jid)],
  ])('frees its lock when it is %s while scheduled', async (_name, end) => {
    const here = pier()
    const job = once(here)
    await end(here, (await job.performIn('10m', 1)) as string)
    expect(await job.performAsync(1)).not.toBeNull()
  })

  test('frees its lock when it is cancelled while it runs', async () => {
    const here = pier()
    const job = once(here, {}, { perform: () => new Promise(() => {}) })
    const jid = (await job.performAsync(1)) as string
    await here.work()
    await here.app.cancel(jid)
    await here.pass(3 * SECOND)
    expect(await job.performAsync(1)).not.toBeNull()
  })

  test('keeps its lock when it is given back by a worker that stops', async () => {
    const here = pier()
    const job = once(here, {}, { perform: () => new Promise(() => {}) })
    await job.performAsync(1)
    const worker = await here.work()
    const stopping = worker.stop({ timeout: '0s' })
    await here.pass(10 * SECOND)
    await stopping
    expect(await job.performAsync(1)).toBeNull()
  })

  test('loses its lock when the time for it is over', async () => {
    const here = pier()
    const job = once(here, { for: '10m' })
    await job.performAsync(1)
    await here.pass(10 * MINUTE - SECOND)
    expect(await job.performAsync(1)).toBeNull()
    await here.pass(SECOND)
    expect(await job.performAsync(1)).not.toBeNull()
  })

  test('holds it for that time from when it is due', async () => {
    const here = pier()
    const job = once(here, { for: '10m' })
    await job.performIn('1h', 1)
    await here.pass(HOUR + 9 * MINUTE)
    expect(await job.performAsync(1)).toBeNull()
    await here.pass(MINUTE)
    expect(await job.performAsync(1)).not.toBeNull()
  })

  test('is unique through client middleware too, by what that made of it', async () => {
    const here = pier()
    here.app.use(({ payload }, next) => {
      payload.args = [String(payload.args[0]).toLowerCase()]
      return next()
    })
    const job = once(here)
    expect([(await job.performAsync('A')) !== null, await job.performAsync('a')]).toEqual([true, null])
  })
})
