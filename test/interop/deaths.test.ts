import { beforeAll, describe, expect, test } from 'vitest'
import type { JobSpec, Json, Quayside } from '../../src/index.ts'
import { until } from '../redis/until.ts'
import { BothSides } from './both-sides.ts'

const sides = BothSides.forThisFile()

/** An app whose job always fails, and the deaths that it heard of. */
function mortal(spec: Partial<JobSpec<Json[]>> = {}) {
  const app = sides.app()
  const deaths: string[] = []
  app.onDeath(({ jid }) => void deaths.push(jid))
  const job = sides.job(app, 'Broken', {
    queue: 'ours',
    perform: (message) => {
      throw new Error(String(message))
    },
    ...spec,
  })
  return { app, job, deaths }
}

/** Lets our worker perform what waits, until nothing is left of that. */
async function workOff(app: Quayside): Promise<void> {
  const worker = app.work({ queues: ['ours'], concurrency: 100 })
  await until('all is performed', async () => {
    const { enqueued, running } = await app.stats()
    return enqueued === 0 && running === 0
  })
  await worker.stop()
}

describe("what dies here, Ruby's API shows", () => {
  test('a job without retries', async () => {
    const { app, job, deaths } = mortal({ retry: 0 })
    const jid = await job.performAsync('the end')
    await workOff(app)
    const [seen] = await sides.ruby.set('dead')
    expect(seen).toMatchObject({ jid, class: 'Broken', args: '["the end"]', error_message: 'the end', retry_count: 0 })
    expect(seen?.at).toBeCloseTo(Date.now() / 1000, -1)
    expect(deaths).toEqual([jid])
    expect(await sides.ruby.size('retry')).toBe(0)
  })

  test('a job whose retries are exhausted', async () => {
    const { app, job, deaths } = mortal({ retry: 2, retryIn: () => '1ms' })
    const jid = await job.performAsync('the end')
    const worker = app.work({ queues: ['ours'] })
    await until('it is dead', async () => (await sides.ruby.size('dead')) === 1)
    await worker.stop()
    const [seen] = await sides.ruby.set('dead')
    expect(seen).toMatchObject({ jid, retry_count: 2 })
    expect(seen?.retried_at).toBeGreaterThan(seen?.failed_at as number)
    expect(deaths).toEqual([jid])
    expect((await sides.ruby.stats()).processed).toBe(3)
  })

  test('a job that was killed, and one that was discarded', async () => {
    const answers: Record<string, 'kill' | 'discard'> = { killed: 'kill', discarded: 'discard' }
    const { app, job, deaths } = mortal({ retryIn: (_, error) => answers[error.message] })
    const killed = await job.performAsync('killed')
    const discarded = await job.performAsync('discarded')
    await workOff(app)
    expect(await sides.ruby.set('dead')).toMatchObject([{ jid: killed, error_message: 'killed' }])
    expect(await sides.ruby.size('retry')).toBe(0)
    expect(deaths.toSorted()).toEqual([killed, discarded].toSorted())
  })

  test('no job with dead: false, none with retry: false', async () => {
    const { app, job, deaths } = mortal({ retry: 0 })
    const jids = [
      await job.set({ dead: false }).performAsync('a'),
      await job.set({ retry: false }).performAsync('b'),
      await sides.ruby.performAsync('Broken', '["c"]', { queue: 'ours', retry: false }),
      await sides.ruby.performAsync('Broken', '["d"]', { queue: 'ours', retry: 0, dead: false }),
    ]
    await workOff(app)
    expect(await sides.ruby.stats()).toMatchObject({ processed: 4, failed: 4, retry_size: 0, dead_size: 0 })
    expect(deaths.toSorted()).toEqual(jids.toSorted())
  })

  test('bytes that are no job, as they are', async () => {
    const { app } = mortal()
    const bad = ['{"class":"Broken"', 'nonsense', `{"class":"Broken","args":${'['.repeat(200)}`]
    for (const text of bad) await sides.redis.lpush('queue:ours', text)
    const worker = app.work({ queues: ['ours'] })
    await until('all are dead', async () => (await sides.ruby.size('dead')) === bad.length)
    await worker.stop()
    expect(await sides.redis.zrange('dead', '0', '-1')).toEqual(bad)
  })

  test('JSON that is no job, as the argument of one, which the page can show', async () => {
    const { app } = mortal()
    const bad = ['[]', 'null', '5', '"text"']
    for (const text of bad) await sides.redis.lpush('queue:ours', text)
    const worker = app.work({ queues: ['ours'] })
    await until('all are dead', async () => (await sides.ruby.size('dead')) === bad.length)
    await worker.stop()
    const seen = await sides.ruby.set('dead')
    expect(seen.map(({ args }) => args).sort()).toEqual(bad.map((text) => JSON.stringify([text])).sort())
    expect((await sides.ruby.page('/morgue')).status).toBe(200)
  })

  test('10,050 deaths leave 9,999, the youngest', async () => {
    const { app, job } = mortal({ retry: 0 })
    await job.performBulk(Array.from({ length: 10_050 }, (_, n) => [n]))
    await workOff(app)
    expect(await sides.ruby.size('dead')).toBe(9_999)
    expect(await sides.ruby.stats()).toMatchObject({ processed: 10_050, failed: 10_050, dead_size: 9_999 })
    // A hundred ran at a time, so that they died in nearly the order in which they came.
    const [oldest = ''] = await sides.redis.zrange('dead', '0', '0')
    expect(JSON.parse(oldest).args[0]).toBeLessThan(151)
  })
})

describe('what dies in Ruby', () => {
  beforeAll(async () => void (await sides.rubyWorker({ queues: ['ruby'], poller: false })))

  test('is in our dead set, and goes back to its queue from there', async () => {
    const jid = await sides.ruby.performAsync('Broken', '["ashes",9223372036854775808]', { retry: 0 })
    await until('Ruby buried it', async () => (await sides.ruby.size('dead')) === 1)
    const app = sides.app()
    const job = await app.dead.find(jid)
    expect(job?.error).toEqual({ class: 'ArgumentError', message: 'ashes' })
    expect(job?.text).toContain('["ashes",9223372036854775808]')
    expect(job?.at?.getTime()).toBeCloseTo(Date.now(), -4)

    await app.dead.retry(jid)
    await until('Ruby buries it again', async () => (await app.dead.find(jid)) !== undefined)
    expect((await app.dead.find(jid))?.text).toContain('["ashes",9223372036854775808]')
  })

  test('with retry: false vanishes there, as it does here', async () => {
    await sides.ruby.performAsync('Broken', '["gone"]', { retry: false })
    const jid = await sides.ruby.performAsync('Broken', '["kept"]', { retry: 0 })
    await until('Ruby buried one', async () => (await sides.ruby.size('dead')) === 1)
    expect(await sides.ruby.set('dead')).toMatchObject([{ jid }])
    expect(await sides.ruby.size('retry')).toBe(0)
  })
})
