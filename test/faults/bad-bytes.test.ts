import type { Redis } from 'ioredis'
import { describe, expect, test } from 'vitest'
import { OptionError } from '../../src/index.ts'
import { failing } from '../redis/until.ts'
import { eventually } from './eventually.ts'
import { Scene } from './scene.ts'

const DEPTH = 10_000
const LARGE = 10_000_000

/** What is no job, whoever wrote it. */
const BAD: readonly Buffer[] = [
  '',
  '42',
  'null',
  '"text"',
  '[1,2]',
  '{}',
  '{"class":"Work","args":[{"id":"truncated"',
  '{"class":5,"args":[],"jid":"class"}',
  '{"class":"Work","args":"none","jid":"args"}',
  '{"class":"Work","args":{"0":{}},"jid":"record"}',
  '{"class":"Work","args":[],"jid":7}',
  '{"class":"Work","args":[]}',
  '{"class":"","args":[],"jid":"empty"}',
  `{"class":"Work","jid":"deep","args":[${'['.repeat(DEPTH)}`,
  `{"class":"Work","jid":"large","args":["${'x'.repeat(LARGE)}`,
].map((text) => Buffer.from(text))

/** Bytes that are no UTF-8, alone and within what looks like a job. */
const BYTES: readonly Buffer[] = [
  Buffer.from([0xff, 0xfe, 0x00, 0x80, 0xc0]),
  Buffer.concat([Buffer.from('{"class":"Work","args":['), Buffer.from([0xff, 0x0a, 0xed, 0xa0])]),
]

/** Strange, and jobs. */
const GOOD: readonly Buffer[] = [
  `{"class":"Work","jid":"g1","args":[{"id":"good-deep","more":${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}}]}`,
  `{"class":"Work","jid":"g2","args":[{"id":"good-large","more":"${'x'.repeat(LARGE)}"}]}`,
  `{"class":"Work","jid":"g3","args":[{"id":"good-odd"}],"retry_count":"many","retry":[],"enqueued_at":"now","tags":5}`,
  `{"jid":"g4","args":[{"id":"good-first"}],"args":[{"id":"good-last"}],"class":"Work","__proto__":{"x":1}}`,
].map((text) => Buffer.from(text))

const put: Readonly<Record<string, (redis: Redis, text: Buffer) => Promise<unknown>>> = {
  'queue:default': (redis, text) => redis.lpush('queue:default', text),
  schedule: (redis, text) => redis.zadd('schedule', 1, text),
  retry: (redis, text) => redis.zadd('retry', 1, text),
}

describe.each(Object.entries(put))('what stands in %s and is no job', (key, putInto) => {
  test('is in the dead set, byte for byte; the worker goes on with the good ones', async (context) => {
    const scene = await Scene.open(context)
    const redis = scene.redis()
    await redis.sadd('queues', 'default')
    const bad = [...BAD, ...BYTES]
    for (let index = 0; index < Math.max(bad.length, GOOD.length); index++) {
      for (const text of [bad[index], GOOD[index]]) if (text) await putInto(redis, text)
    }
    const worker = await scene.worker()
    await scene.drained()
    const dead = await redis.zrangeBuffer('dead', '0', '-1')
    const performed = scene.ledger.of('ended').map(({ id }) => id)
    await worker.stop()
    console.log(
      `${key}: ${dead.length} of ${bad.length} bad texts in the dead set, ${performed.length} good ones performed`,
    )
    expect(dead.map(keptIn).map(digest).sort()).toEqual(bad.map(digest).sort())
    expect(performed.sort()).toEqual(['good-deep', 'good-large', 'good-last', 'good-odd'])
  }, 60_000)
})

/** The text of a dead row. JSON that is no object is the argument of a job there: Sidekiq's page would fail over it. */
function keptIn(row: Buffer): Buffer {
  const text = row.toString()
  return text.includes('"class":"MalformedPayload"') ? Buffer.from(JSON.parse(text).args[0]) : row
}

/** Only `enqueued_at` may have come to it on its way from a set to its queue. Short, for the messages of tests. */
function digest(text: Buffer): string {
  const latin = text.toString('latin1').replace(/,?"enqueued_at":[\d.]+/, '')
  return latin.length > 100 ? `${latin.slice(0, 60)}... (${latin.length})` : latin
}

test('jobs whose queue is no name are performed, or dead: none waits where nobody looks', async (context) => {
  const scene = await Scene.open(context)
  const redis = scene.redis()
  for (const [index, queue] of ['{}', '[]', '5', 'null', '""', 'true'].entries()) {
    await redis.zadd('schedule', 1, `{"class":"Work","jid":"${index}","queue":${queue},"args":[{"id":"job-${index}"}]}`)
  }
  await scene.worker()
  await scene.drained(10_000)
  expect(scene.ledger.of('ended').length + (await redis.zcard('dead'))).toBe(6)
}, 60_000)

test('keys that somebody made another type of stop nobody, and nothing is lost by them', async (context) => {
  const scene = await Scene.open(context)
  const redis = scene.redis()
  const broken = ['queue:broken', 'schedule', 'retry', 'dead', 'paused', 'processes']
  for (const key of broken) await redis.set(key, 'no such thing')
  const worker = await scene.worker({ work: { queues: ['broken', 'default'] } })
  const app = scene.app()
  const work = app.job<[{ id: string; fails?: number }]>('Work', { retry: 5 })

  await redis.lpush('queue:default', 'no job')
  await work.performBulk([[{ id: 'one' }], [{ id: 'fails', fails: 1 }], [{ id: 'two' }]])
  await eventually('both are done', () => scene.ledger.of('ended').length === 2)
  // What was to go to the retry set and to the dead set.
  await eventually('two jobs are kept aside', async () => (await redis.llen('quayside:strays')) === 2)
  const refused = [work.set({ queue: 'broken' }).performAsync({ id: 'no' }), work.performIn('1h', { id: 'no' })]
  for (const push of refused) expect((await failing(push)).message).toMatch('WRONGTYPE')
  expect(await app.stats()).toMatchObject({ enqueued: 0, retry: 0, dead: 0 })
  expect(await app.queues()).toContainEqual(expect.objectContaining({ name: 'default', size: 0 }))

  await redis.del(...broken)
  await work.set({ wait: '100ms' }).performAsync({ id: 'after', fails: 1 })
  await eventually('all is well again', () => scene.ledger.of('ended', 'after')[0])
  await worker.stop()
  console.log(
    `${broken.length} keys of a wrong type: good jobs performed, 2 kept aside, 2 pushes refused, well again without them`,
  )
}, 60_000)

test('names that would be keys of something else are refused', async (context) => {
  const scene = await Scene.open(context)
  const app = scene.app()
  for (const queue of ['', 'a b', 'a\nb', 'a{b}', 'a*', 'é', 'x'.repeat(129)]) {
    const push = app.client.push({ class: 'Work', args: [], queue })
    expect(await failing(push)).toBeInstanceOf(OptionError)
    expect(() => app.queue(queue)).toThrow(OptionError)
    expect(() => app.work({ queues: [queue] })).toThrow(OptionError)
  }
  expect(await scene.redis().dbsize()).toBe(0)
}, 60_000)
