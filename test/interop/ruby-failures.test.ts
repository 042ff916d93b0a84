import { beforeAll, describe, expect, test } from 'vitest'
import type { Json, Quayside } from '../../src/index.ts'
import { until } from '../redis/until.ts'
import { BothSides } from './both-sides.ts'

const sides = BothSides.forThisFile()

/** Values that JavaScript cannot hold, or writes in another way than Ruby does. */
const HARD = '[9223372036854775808,-0.0,1.0,1e2,1.0e-07,"é 🙂 \u2028 \\u0041",{"b":[],"a":{}},[12345678901234567890.5]]'

beforeAll(async () => void (await sides.rubyWorker({ queues: ['ruby'], poller: false })))

/** Ruby fails at it; its retries are for us. Answers its bytes in the retry set. */
async function failInRuby(args: string): Promise<{ jid: string; text: string }> {
  const jid = await sides.ruby.performAsync('Broken', args, { retry_queue: 'ours' })
  return { jid, text: await failedText(jid) }
}

async function failedText(jid: string): Promise<string> {
  const texts = () => sides.redis.zrange('retry', '0', '-1')
  await until('Ruby failed', async () => (await texts()).some((text) => text.includes(jid)))
  return (await texts()).find((text) => text.includes(jid)) as string
}

/** Makes it due; our worker performs it. Answers its bytes when `app` has failed at it, too. */
async function failHere(app: Quayside, jid: string): Promise<string> {
  const before = (await app.retries.find(jid))?.payload?.retry_count as number
  await app.retries.reschedule(jid, '0s')
  const worker = app.work({ queues: ['ours'] })
  await until('we failed', async () => (await app.retries.find(jid))?.payload?.retry_count === before + 1)
  await worker.stop()
  return (await app.retries.find(jid))?.text as string
}

const argsOf = (text: string) => /"args":(.*?),"class"/s.exec(text)?.[1]

describe('what fails in Ruby', () => {
  test('is in our retry set', async () => {
    const { jid } = await failInRuby('["no ink",{"x":[1]}]')
    const app = sides.app()
    const job = await app.retries.find(jid)
    expect(job).toMatchObject({ jid, class: 'Broken', args: ['no ink', { x: [1] }], queue: 'ours' })
    expect(job?.error).toEqual({ class: 'ArgumentError', message: 'no ink' })
    expect(job?.payload).toMatchObject({ retry_count: 0, backtrace: true })
    expect(job?.failedAt?.getTime()).toBeCloseTo(Date.now(), -4)
    expect(job?.at?.getTime()).toBeGreaterThan(Date.now() + 10_000)
    expect((await job?.backtrace())?.[0]).toMatch(/jobs\.rb:\d+:in `perform'/)
  })

  test('is retried by us', async () => {
    const { jid } = await failInRuby('["no ink"]')
    const app = sides.app()
    const runs: unknown[] = []
    sides.job(app, 'Broken', {
      perform(...args: Json[]) {
        runs.push([this.jid, this.attempt, ...args])
      },
    })
    await app.retries.reschedule(jid, '0s')
    app.work({ queues: ['ours'] })
    await until('it is performed', () => runs.length > 0)
    expect(runs).toEqual([[jid, 2, 'no ink']])
    expect(await sides.ruby.size('retry')).toBe(0)
  })

  test('keeps the bytes of its arguments when it fails here, again and again', async () => {
    const app = sides.app()
    sides.job(app, 'Broken', {
      retry: 5,
      perform(...args: Json[]) {
        args.push('not stored')
        throw new Error('here, too')
      },
    })
    const { jid, text } = await failInRuby(HARD)
    // Ruby wrote it; it reads its own writing.
    const args = argsOf(text)
    expect(args).toContain('9223372036854775808,-0.0,1.0,100.0,1.0e-07,')
    const once = await failHere(app, jid)
    const twice = await failHere(app, jid)
    expect(argsOf(once)).toBe(args)
    expect(argsOf(twice)).toBe(args)
    const seen = await sides.ruby.find('retry', jid)
    expect(seen).toMatchObject({ retry_count: 2, error_class: 'Error', error_message: 'here, too' })
    expect(seen?.args).toContain('9223372036854775808, -0.0, 1.0, 100.0, 1.0e-07,')
  })

  test('changes nowhere but in what the failure says', async () => {
    const app = sides.app()
    sides.job(app, 'Broken', {
      perform() {
        throw new TypeError('here')
      },
    })
    const { jid, text } = await failInRuby(HARD)
    const after = await failHere(app, jid)
    const plain = (bytes: string) =>
      bytes
        .replace(/,"retried_at":[\d.]+/, '')
        .replace(/"error_backtrace":"[^"]*"/, '"error_backtrace":""')
        .replace(/"enqueued_at":[\d.]+/, '"enqueued_at":0')
    expect(plain(after)).toBe(
      plain(text)
        .replace(/"error_message":"[^"]*"/, '"error_message":"here"')
        .replace('"error_class":"ArgumentError"', '"error_class":"TypeError"')
        .replace('"retry_count":0', '"retry_count":1'),
    )
  })

  test('keeps all its bytes where it is only moved', async () => {
    const { jid, text } = await failInRuby(HARD)
    const app = sides.app()
    await app.retries.reschedule(jid, '1h')
    expect(await sides.redis.zrange('retry', '0', '-1')).toEqual([text])
    await app.retries.kill(jid)
    expect(await sides.redis.zrange('dead', '0', '-1')).toEqual([text])
    expect(await sides.ruby.find('dead', jid)).toMatchObject({ jid, retry_count: 0, error_class: 'ArgumentError' })
  })

  test('a class that Ruby does not know, and we do', async () => {
    const jid = await sides.ruby.push('{"class":"OnlyInNode","queue":"ruby","retry_queue":"ours","args":["x"]}')
    await failedText(jid)
    const app = sides.app()
    const runs: unknown[] = []
    sides.job(app, 'OnlyInNode', { perform: (...args) => void runs.push(args) })
    expect((await app.retries.find(jid))?.error?.class).toBe('NameError')
    await app.retries.reschedule(jid, '0s')
    app.work({ queues: ['ours'] })
    await until('it is performed', () => runs.length > 0)
    expect(runs).toEqual([['x']])
  })
})
