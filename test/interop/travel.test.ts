import { describe, expect, test } from 'vitest'
import type { Json } from '../../src/index.ts'
import { until } from '../redis/until.ts'
import { BothSides } from './both-sides.ts'

const sides = BothSides.forThisFile()

/** What others keep in a payload: Pro's and Enterprise's fields, middleware's, and what nobody has heard of. */
const FIELDS =
  '"bid":"VBGnuV-eA3dxxQ","encrypt":true,"cattr":{"user":{"id":9223372036854775808}},"cattr_1":[["a",1.0]],' +
  '"locale":"de","log_level":"debug","profile":"p1","expires_in":1e3,"unique_until":"start","tags":["a","b"],' +
  '"unknown":{"deep":[1.0,{"x":null}],"text":"é 🙂 \u2028 \\u00e9 \\/"},"retry_count_of_mine":3'
const ARGS = '[9223372036854775808,1.0,-0.0,1E2,1e-07,"\\u0041 é 🙂 \u2028",{"b":[],"a":{}},"QUVT/encrypted=="]'
const TEXT = `{"retry":5,"queue":"ours", "class" : "Sealed",\t"args":${ARGS},${FIELDS},"jid":"0123456789abcdef01234567","created_at":1795313111.0}`
const JID = '0123456789abcdef01234567'

/** Puts the bytes into a queue as some client in some language would. */
async function enqueue(text: string): Promise<void> {
  await sides.redis.sadd('queues', 'ours')
  await sides.redis.lpush('queue:ours', text)
}

/** What a failure adds to a payload that had none. */
const added = /,"error_message":"[^"]*","error_class":"\w+","failed_at":\d+\.\d+,"retry_count":0\}$/

describe('bytes that others wrote', () => {
  test('are all there after a failure here, and after its retry', async () => {
    const app = sides.app()
    sides.job(app, 'Sealed', {
      perform() {
        throw new Error('no key')
      },
    })
    await enqueue(TEXT)
    const worker = app.work({ queues: ['ours'] })
    await until('it failed', async () => (await app.retries.size()) === 1)
    const [failed = ''] = await sides.redis.zrange('retry', '0', '-1')
    expect(failed.replace(added, '}')).toBe(TEXT)

    await app.retries.reschedule(JID, '0s')
    await until('it failed again', async () => (await app.retries.find(JID))?.payload?.retry_count === 1)
    await worker.stop()
    const [again = ''] = await sides.redis.zrange('retry', '0', '-1')
    const changes = /,"enqueued_at":\d+\.\d+|,"retried_at":\d+\.\d+/g
    expect(again.replace(changes, '').replace('"retry_count":1', '"retry_count":0')).toBe(failed)
  })

  test('are all there after a shutdown', async () => {
    const app = sides.app()
    const begun: unknown[] = []
    sides.job(app, 'Sealed', {
      async perform() {
        begun.push(this.payload.bid)
        await new Promise((_, reject) => this.signal.addEventListener('abort', () => reject(this.signal.reason)))
      },
    })
    await enqueue(TEXT)
    const worker = app.work({ queues: ['ours'], timeout: '0s' })
    await until('it runs', () => begun.length === 1)
    await worker.stop()
    expect(begun).toEqual(['VBGnuV-eA3dxxQ'])
    expect(await sides.redis.lrange('queue:ours', 0, -1)).toEqual([TEXT])
  })

  test('are all there after we took them from the schedule', async () => {
    await sides.redis.zadd('schedule', 1, TEXT)
    const worker = sides.app().work({ queues: ['idle'] })
    await until('it is due', async () => (await sides.redis.llen('queue:ours')) === 1)
    await worker.stop()
    const [text = ''] = await sides.redis.lrange('queue:ours', 0, -1)
    expect(text.replace(/,"enqueued_at":\d+\.\d+\}$/, '}')).toBe(TEXT)
    const [seen] = await sides.ruby.queue('ours')
    expect(seen).toMatchObject({ jid: JID, class: 'Sealed', tags: ['a', 'b'], queue: 'ours' })
    expect(seen?.enqueued_at).toBeCloseTo(Date.now() / 1000, -1)
  })

  test('are all there after Ruby failed at them, and we after Ruby', async () => {
    await sides.rubyWorker({ queues: ['ruby'], poller: false })
    await sides.ruby.push(TEXT.replace('"ours"', '"ruby","retry_queue":"ours"'))
    await until('Ruby failed', async () => (await sides.ruby.size('retry')) === 1)
    const [text = ''] = await sides.redis.zrange('retry', '0', '-1')
    const app = sides.app()
    await app.retries.reschedule(JID, '0s')
    const worker = app.work({ queues: ['ours'] })
    await until('we failed', async () => (await app.retries.find(JID))?.payload?.retry_count === 1)
    await worker.stop()
    const seen = await sides.ruby.find('retry', JID)
    expect(seen).toMatchObject({ error_class: 'UnknownJobError', class: 'Sealed' })
    const others = (bytes: string) =>
      bytes
        .replace(/"error_(message|class)":"(?:[^"\\]|\\.)*",/g, '')
        .replace(/,"(retried|enqueued)_at":[\d.]+/g, '')
        .replace(/,"retry_count":\d/, '')
    expect(others(seen?.text as string)).toBe(others(text))
  })
})

describe('Active Job', () => {
  const WRAPPER = 'ActiveJob::QueueAdapters::SidekiqAdapter::JobWrapper'
  const data = {
    job_class: 'WelcomeMail',
    job_id: '1f6a8b54-6a3c-4b9e-9e0e-0c6f1d2b3a4c',
    provider_job_id: null,
    queue_name: 'ruby',
    priority: null,
    arguments: ['ada', { _aj_globalid: 'gid://shop/User/7' }, { id: 1, _aj_ruby2_keywords: ['id'] }],
    executions: 0,
    exception_executions: {},
    locale: 'en',
    timezone: 'UTC',
    enqueued_at: '2026-11-22T09:00:00.000000000Z',
    scheduled_at: null,
  }
  const item = (queue: string) => ({ class: WRAPPER, wrapped: 'WelcomeMail', queue, args: [data] })

  test('Ruby performs what we push', async () => {
    await sides.rubyWorker({ queues: ['ruby'], poller: false })
    const jid = await sides.app().client.push(item('ruby'))
    const performed = await sides.performed()
    expect(performed).toMatchObject({ class: WRAPPER, jid })
    expect(performed.args).toContain('"arguments"=>["ada", {"_aj_globalid"=>"gid://shop/User/7"}')
  })

  test('we perform what Ruby pushes', async () => {
    const app = sides.app()
    const runs: Json[][] = []
    sides.job(app, WRAPPER, { perform: (...args) => void runs.push(args) })
    app.work({ queues: ['ours'] })
    await sides.ruby.push(JSON.stringify(item('ours')))
    await until('it is performed', () => runs.length > 0)
    expect(runs).toEqual([[data]])
  })

  test('one that nobody defines here is retried, and Ruby shows its real class', async () => {
    const app = sides.app()
    const jid = await sides.ruby.push(JSON.stringify(item('ours')))
    const worker = app.work({ queues: ['ours'] })
    await until('it failed', async () => (await app.retries.size()) === 1)
    await worker.stop()
    const seen = await sides.ruby.find('retry', jid)
    expect(seen).toMatchObject({ class: WRAPPER, display_class: 'WelcomeMail', error_class: 'UnknownJobError' })
    expect(seen?.text).toContain(`"args":${JSON.stringify([data])}`)
    expect(seen?.display_args).toContain('"ada"')
  })
})
