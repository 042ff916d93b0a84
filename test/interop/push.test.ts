import { beforeAll, describe, expect, test } from 'vitest'
import type { Json, Quayside } from '../../src/index.ts'
import { until } from '../redis/until.ts'
import { BothSides } from './both-sides.ts'

const sides = BothSides.forThisFile()
const near = (seconds: number) => expect.closeTo(seconds, -1) // within five seconds

describe('what we push, Ruby performs', () => {
  beforeAll(async () => {
    const worker = await sides.rubyWorker({ queues: ['ruby'] })
    return () => worker.kill()
  })

  const echo = (app: Quayside = sides.app()) => sides.job(app, 'Echo', { queue: 'ruby' })

  test.each<[string, Json[], string]>([
    ['nothing', [], '[]'],
    ['scalars', [1, -2.5, true, false, null, 'text'], '[1, -2.5, true, false, nil, "text"]'],
    ['unicode', ['é 日本 🙂', 'a\u2028b'], '["é 日本 🙂", "a\\u2028b"]'],
    ['escapes', ['"\\/\n\t\u0000</script>'], '["\\"\\\\/\\n\\t\\u0000</script>"]'],
    ['big numbers', [2 ** 53 - 1, 1e21, 1e-7], '[9007199254740991, 1.0e+21, 1.0e-07]'],
    ['nested', [{ a: [{ b: { c: [] } }, {}] }, [[]]], '[{"a"=>[{"b"=>{"c"=>[]}}, {}]}, [[]]]'],
    ['a key of JavaScript', [JSON.parse('{"__proto__":{"x":1}}')], '[{"__proto__"=>{"x"=>1}}]'],
  ])('%s', async (_, args, printed) => {
    const jid = await echo().performAsync(...args)
    expect(await sides.performed()).toEqual({ class: 'Echo', jid, args: printed })
  })

  test('as deep as Ruby reads', async () => {
    let deep: Json = []
    for (let level = 1; level < 98; level++) deep = [deep]
    await echo().performAsync(deep)
    expect((await sides.performed()).args).toBe(`${'['.repeat(99)}${']'.repeat(99)}`)
  })

  test('in bulk', async () => {
    const jids = await echo().performBulk(Array.from({ length: 1_100 }, (_, n) => [n]))
    const performed = await Promise.all(jids.map(() => sides.performed()))
    expect(new Map(performed.map(({ jid, args }) => [jid, args]))).toEqual(
      new Map(jids.map((jid, n) => [jid, `[${n}]`])),
    )
  })

  test("later, by Ruby's poller", async () => {
    const jid = await echo().performIn('10ms', 'later')
    expect(await sides.performed()).toEqual({ class: 'Echo', jid, args: '["later"]' })
  })

  test("later, on Ruby's pages", async () => {
    const jid = await echo().performIn('1h', 'later')
    const now = Date.now() / 1000
    expect(await sides.ruby.set('schedule')).toMatchObject([
      {
        jid,
        class: 'Echo',
        args: '["later"]',
        queue: 'ruby',
        at: near(now + 3600),
        created_at: near(now),
        enqueued_at: null,
      },
    ])
    await sides.ruby.act('schedule', jid as string, 'add_to_queue')
    expect(await sides.performed()).toMatchObject({ jid, args: '["later"]' })
    expect(await sides.ruby.size('schedule')).toBe(0)
  })

  test('with instants in milliseconds, for 8.x alone', async () => {
    const job = echo(sides.app({ sidekiq: '8' }))
    const jids = [await job.performAsync('now'), await job.performIn('10ms', 'later')]
    expect([(await sides.performed()).jid, (await sides.performed()).jid]).toEqual(jids)
  })

  test("a payload of one's own", async () => {
    const jid = await sides.app().client.push({ class: 'Echo', args: ['by hand'], queue: 'ruby', tags: ['a'] })
    expect(await sides.performed()).toEqual({ class: 'Echo', jid, args: '["by hand"]' })
  })
})

test("what waits is what Ruby's pages show", async () => {
  const before = Date.now() / 1000
  const app = sides.app()
  const job = sides.job(app, 'Mail', { queue: 'idle', tags: ['a', 'b'], retry: 3 })
  const jid = await job.performAsync('x', { y: 1 })
  expect(await sides.ruby.queues()).toEqual({ idle: 1 })
  const [seen] = await sides.ruby.queue('idle')
  expect(seen).toMatchObject({ jid, class: 'Mail', display_class: 'Mail', queue: 'idle', tags: ['a', 'b'] })
  expect(seen).toMatchObject({ args: '["x", {"y"=>1}]', created_at: near(before), enqueued_at: near(before) })
  expect(seen?.latency).toBeGreaterThanOrEqual(0)
  expect(seen?.latency).toBeLessThan(10)
  expect(await sides.ruby.latency('idle')).toBeLessThan(10)
})

test('Ruby takes what we push in the order in which we pushed it', async () => {
  const job = sides.job(sides.app(), 'Echo', { queue: 'ruby' })
  await sides.ruby.performAsync('Echo', '["first"]')
  await job.performAsync('second')
  await job.performBulk([['third'], ['fourth']])
  await sides.ruby.performBulk('Echo', '[["fifth"],["sixth"]]')
  await job.performAsync('last')
  const ruby = await sides.rubyWorker({ queues: ['ruby'], concurrency: 1 })
  const performed: string[] = []
  while (performed.at(-1) !== '["last"]') performed.push((await sides.performed()).args)
  await ruby.kill()
  expect(performed.join()).toBe('["first"],["second"],["third"],["fourth"],["fifth"],["sixth"],["last"]')
})

describe('what Ruby pushes, we perform', () => {
  /** A worker of ours on the queue 'ours', and what it got. */
  function performing() {
    const app = sides.app()
    const got: [jid: string, ...args: unknown[]][] = []
    sides.job(app, 'Echo', {
      perform(...args) {
        got.push([this.jid, ...args])
      },
    })
    app.work({ queues: ['ours'], concurrency: 5 })
    const gotten = async (count: number) => {
      await until(`${count} jobs are performed`, () => got.length >= count)
      return got
    }
    return { app, gotten }
  }
  const ours = { queue: 'ours' }

  test.each([
    ['nothing', '[]'],
    ['scalars', '[1,-2.5,true,false,null,"text"]'],
    ['unicode', '["é 日本 🙂","a\u2028b","\\u0000"]'],
    ['numbers', '[9007199254740991,1.0,1e21,1.0e-07]'],
    ['nested', '[{"a":[{"b":{"c":[]}},{}]},[[]]]'],
  ])('%s', async (_, args) => {
    const { gotten } = performing()
    const jid = await sides.ruby.performAsync('Echo', args, ours)
    expect(await gotten(1)).toEqual([[jid, ...JSON.parse(args)]])
  })

  test('in bulk, and by push_bulk', async () => {
    const { gotten } = performing()
    const args = JSON.stringify(Array.from({ length: 1_100 }, (_, n) => [n]))
    const jids = await sides.ruby.performBulk('Echo', args, ours)
    const more = await sides.ruby.pushBulk('{"class":"Echo","queue":"ours","args":[["x"],["y"]]}')
    const got = await gotten(1_102)
    expect(got.map(([jid]) => jid)).toEqual([...jids, ...more])
    expect(got.map(([, arg]) => arg)).toEqual([...Array(1_100).keys(), 'x', 'y'])
  })

  test('later', async () => {
    const { app, gotten } = performing()
    const soon = await sides.ruby.performIn('Echo', 0.05, '["soon"]', ours)
    const late = await sides.ruby.performIn('Echo', 3600, '["late"]', ours)
    expect(await gotten(1)).toEqual([[soon, 'soon']])
    expect((await app.scheduled.find(late))?.at?.getTime()).toBeCloseTo(Date.now() + 3_600_000, -4)
    await app.scheduled.retry(late)
    expect((await gotten(2))[1]).toEqual([late, 'late'])
  })

  test("a payload of one's own, with times that we read", async () => {
    const { app } = performing()
    const jid = await sides.ruby.push('{"class":"Echo","queue":"idle","args":[1],"tags":["t"],"mine":{"x":1.0}}')
    const job = await app.queue('idle').find(jid)
    expect(job?.payload).toMatchObject({ jid, class: 'Echo', retry: true, tags: ['t'], mine: { x: 1 } })
    expect(job?.createdAt?.getTime()).toBeCloseTo(Date.now(), -4)
    expect(job?.enqueuedAt?.getTime()).toBeCloseTo(Date.now(), -4)
    expect((await app.queues())[0]).toMatchObject({ name: 'idle', size: 1 })
  })
})
