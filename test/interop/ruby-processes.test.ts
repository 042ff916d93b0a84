import { expect, test } from 'vitest'
import { until } from '../redis/until.ts'
import { BothSides } from './both-sides.ts'

const sides = BothSides.forThisFile()

test("Ruby's process is shown to us with what it performs; it is quiet and stops when we say so", async () => {
  const app = sides.app()
  const ruby = await sides.rubyWorker({ queues: ['ruby', 'low'], concurrency: 3, poller: false })
  const jid = await sides.ruby.performAsync('Patient', '["wait"]')
  await until('we see it run', async () => (await app.workers())[0]?.running.length === 1)
  const [seen] = await app.workers()
  expect(seen).toMatchObject({ queues: ['ruby', 'low'], concurrency: 3, quiet: false, tag: '', labels: [] })
  expect(seen?.worker).toContain(`:${ruby.pid}:`)
  expect(seen?.startedAt).toBeCloseTo(Date.now(), -5)
  expect(JSON.parse(seen?.running[0]?.text as string)).toMatchObject({ jid, args: ['wait'] })

  const id = seen?.worker as string
  expect(await app.signal(id, 'quiet')).toBe(true)
  await until('it is quiet', async () => (await app.workers())[0]?.quiet === true)
  const ended = new Promise<void>((resolve) => ruby.ended(() => resolve()))
  expect(await app.signal(id, 'stop')).toBe(true)
  await ended
  // The process itself may still be listed: the heartbeat of 6.4 can beat once more after it has said goodbye.
  expect((await app.workers()).flatMap(({ running }) => running)).toEqual([])
  expect((await app.queue('ruby').find(jid))?.args).toEqual(['wait'])
})
