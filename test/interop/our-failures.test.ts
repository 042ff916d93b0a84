import { beforeAll, describe, expect, test } from 'vitest'
import type { JobSpec, Json, Quayside } from '../../src/index.ts'
import { until } from '../redis/until.ts'
import { BothSides } from './both-sides.ts'

const sides = BothSides.forThisFile()

class OutOfPaper extends Error {
  override name = 'OutOfPaper'
}

/** Lets our worker perform the queue 'ours' until something is in the retry set; then it stops. */
async function fail(app: Quayside, enqueue: () => Promise<string | null>): Promise<string> {
  const worker = app.work({ queues: ['ours'] })
  const jid = (await enqueue()) as string
  await until('it failed', async () => (await app.retries.find(jid)) !== undefined)
  await worker.stop()
  return jid
}

const failing = (app: Quayside, spec: Partial<JobSpec<Json[]>> = {}) =>
  sides.job(app, 'Broken', {
    queue: 'ours',
    backtrace: true,
    perform: () => {
      throw new OutOfPaper('no paper: <b>é 🙂</b>')
    },
    ...spec,
  })

describe("what fails here, Ruby's API shows", () => {
  test('class, message, backtrace, and when', async () => {
    const app = sides.app()
    const jid = await fail(app, () => failing(app).performAsync('a', 1))
    const now = Date.now() / 1000
    const [seen] = await sides.ruby.set('retry')
    expect(seen).toMatchObject({ jid, class: 'Broken', args: '["a", 1]', queue: 'ours', retry_count: 0 })
    expect(seen).toMatchObject({ error_class: 'OutOfPaper', error_message: 'no paper: <b>é 🙂</b>', retried_at: null })
    expect(seen?.failed_at).toBeCloseTo(now, -1)
    expect(seen?.at).toBeGreaterThan(now + 10) // 15 seconds and up to 9 of jitter
    expect(seen?.at).toBeLessThan(now + 26)
    expect(seen?.backtrace?.[0]).toMatch(/our-failures\.test\.ts:\d+:\d+/)
    expect(seen?.backtrace?.length).toBeGreaterThan(2)
  })

  test('as many lines as were asked for, or none', async () => {
    const app = sides.app()
    const two = await fail(app, () => failing(app).set({ backtrace: 2 }).performAsync())
    const none = await fail(app, () => failing(app).set({ backtrace: false }).performAsync())
    expect((await sides.ruby.find('retry', two))?.backtrace).toHaveLength(2)
    expect((await sides.ruby.find('retry', none))?.backtrace).toBeNull()
  })

  test('a message of any length and kind', async () => {
    const app = sides.app()
    const message = `\ud800${'🙂'.repeat(6_000)}`
    const perform = () => {
      throw new Error(message)
    }
    const jid = await fail(app, () => failing(app, { perform }).performAsync())
    const seen = await sides.ruby.find('retry', jid)
    expect(seen?.error_message).toBe(message.slice(0, 10_000).toWellFormed())
  })

  test('a job that nobody defines here', async () => {
    const app = sides.app()
    const jid = await fail(app, () => sides.ruby.push('{"class":"OnlyInRuby","queue":"ours","args":[1.0]}'))
    const seen = await sides.ruby.find('retry', jid)
    expect(seen).toMatchObject({ class: 'OnlyInRuby', args: '[1.0]', error_class: 'UnknownJobError', retry_count: 0 })
  })

  test('a job that nobody defines here, and that may not be retried', async () => {
    const app = sides.app()
    const never = await fail(app, () =>
      sides.ruby.push('{"class":"OnlyInRuby","queue":"ours","args":[],"retry":false}'),
    )
    expect(await sides.ruby.find('retry', never)).toMatchObject({ error_class: 'UnknownJobError' })
  })
})

describe('what fails here, Ruby retries', () => {
  beforeAll(async () => void (await sides.rubyWorker({ queues: ['ruby'] })))

  test('its poller enqueues it', async () => {
    const app = sides.app()
    const jid = await fail(app, () => failing(app, { retryIn: () => '30s' }).performAsync('again'))
    const before = Date.now() / 1000
    await sides.ruby.reschedule('retry', jid, before)
    await until('it waits in its queue', async () => (await sides.ruby.queue('ours')).length === 1)
    const [seen] = await sides.ruby.queue('ours')
    expect(seen).toMatchObject({ jid, args: '["again"]', retry_count: 0, error_class: 'OutOfPaper' })
    expect(seen?.enqueued_at).toBeGreaterThanOrEqual(before - 1)
  })

  test('and counts on, as we do after it', async () => {
    const app = sides.app()
    const job = failing(app, { retryIn: () => '1h', retryQueue: 'ruby' })
    const jid = await fail(app, () => job.performAsync('out of ink'))
    const first = await sides.ruby.find('retry', jid)
    await sides.ruby.reschedule('retry', jid, Date.now() / 1000)
    await until('Ruby fails', async () => (await sides.ruby.find('retry', jid))?.retry_count === 1)
    const second = await sides.ruby.find('retry', jid)
    expect(second).toMatchObject({ queue: 'ruby', error_class: 'ArgumentError', error_message: 'out of ink' })
    expect(second?.failed_at).toBe(first?.failed_at)
    expect(second?.retried_at).toBeGreaterThan(second?.failed_at as number)
    expect(second?.backtrace?.[0]).toContain('jobs.rb')

    // The same bytes in our own queue: now we fail again.
    await sides.redis.zrem('retry', second?.text as string)
    await fail(app, async () => {
      await sides.redis.lpush('queue:ours', second?.text as string)
      return jid
    })
    const third = await sides.ruby.find('retry', jid)
    expect(third).toMatchObject({ retry_count: 2, error_class: 'OutOfPaper', failed_at: first?.failed_at })
    expect(third?.retried_at).toBeGreaterThan(second?.retried_at as number)
  })

  test('a class that Ruby does not know is retried there, too', async () => {
    const jid = await sides.job(sides.app(), 'OnlyInNode', { queue: 'ruby' }).performAsync(1)
    await until('Ruby fails', async () => (await sides.ruby.size('retry')) === 1)
    expect(await sides.ruby.find('retry', jid as string)).toMatchObject({ error_class: 'NameError', retry_count: 0 })
  })

  test("what Ruby's page does with a retry", async () => {
    const app = sides.app()
    const again = await fail(app, () => failing(app).performAsync('again'))
    const dead = await fail(app, () => failing(app).performAsync('dead'))
    const gone = await fail(app, () => failing(app).performAsync('gone'))
    await sides.ruby.act('retry', again, 'retry')
    await sides.ruby.act('retry', dead, 'kill')
    await sides.ruby.act('retry', gone, 'delete')
    expect(await sides.ruby.size('retry')).toBe(0)
    expect(await sides.ruby.queue('ours')).toMatchObject([{ jid: again, retry_count: -1 }])
    expect(await app.dead.find(dead)).toMatchObject({ jid: dead, args: ['dead'] })
    const requeued = await fail(app, async () => again)
    expect(await sides.ruby.find('retry', requeued)).toMatchObject({ retry_count: 0 })
  })
})
