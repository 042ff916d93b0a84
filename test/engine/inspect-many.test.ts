import { describe, expect, test } from 'vitest'
import { copyJob } from '../../src/inspect/copy.ts'
import { deploysOf, markDeploy } from '../../src/inspect/deploys.ts'
import { pier } from './support/pier.ts'
import { DAY } from './support/time.ts'

describe('search()', () => {
  test('goes through a place step by step, and says when it is over', async () => {
    const { app, job } = pier()
    await job('Work').performBulk(Array.from({ length: 25 }, (_, index) => [index < 20 ? 'a' : 'b']))
    const queue = app.queue('default')
    const first = await queue.search({ text: '"b"', limit: 15 })
    expect([first.jobs.length, typeof first.cursor]).toEqual([0, 'string'])
    const second = await queue.search({ text: '"b"', limit: 15, cursor: first.cursor })
    expect([second.jobs.length, second.cursor]).toEqual([5, undefined])
    const [one] = second.jobs
    expect((await queue.search({ jid: one?.jid })).jobs.map(({ jid }) => jid)).toEqual([one?.jid])
  })

  test('takes bounds that mean something', async () => {
    const { app } = pier()
    await expect(app.dead.search({ limit: 1_001 })).rejects.toThrow('search(): limit must be')
    await expect(app.dead.search({ cursor: 7 as never })).rejects.toThrow('search(): cursor must be')
  })
})

describe('many at once', () => {
  test('are changed if they are still there', async () => {
    const { app, job } = pier()
    const later = job('Later')
    for (const hour of [1, 2, 3, 4]) await later.performIn(`${hour}h`, hour)
    const { jobs } = await app.scheduled.page()
    await app.scheduled.delete(jobs[0] as never)
    expect(await app.scheduled.retryMany(jobs.slice(0, 2))).toBe(1)
    expect(await app.scheduled.killMany(jobs.slice(1, 3))).toBe(1)
    expect(await app.scheduled.deleteMany(jobs)).toBe(1)
    expect([await app.scheduled.size(), await app.dead.size(), await app.queue('default').size()]).toEqual([0, 1, 1])
    expect(await app.dead.retryMany((await app.dead.page()).jobs)).toBe(1)
    expect(await app.queue('default').size()).toBe(2)
  })
})

test('copyJob() enqueues the same work once more', async () => {
  const { app, noting, work, pass } = pier()
  const { job, noted } = noting()
  await job.performIn('1h', 'x')
  const [stored] = (await app.scheduled.page()).jobs
  const jid = await copyJob(app, stored as never)
  await copyJob(app, stored as never, { args: '["y"]' })
  expect(jid).not.toBe(stored?.jid)
  await work()
  await pass(1_000)
  expect(noted).toEqual(['x', 'y'])
  expect(await app.scheduled.size()).toBe(1)
})

describe('deploys', () => {
  test('are marked by any process, and kept for 90 days', async () => {
    const { app, clock } = pier()
    expect(await deploysOf(app)).toEqual([])
    await markDeploy(app, 'v1')
    const first = clock.now()
    clock.jumpTo(first + 60 * DAY)
    await Promise.all([markDeploy(app, 'v2'), markDeploy(app, 'v3')])
    expect((await deploysOf(app)).map(({ label }) => label).sort()).toEqual(['v1', 'v2', 'v3'])
    clock.jumpTo(first + 91 * DAY)
    await markDeploy(app, 'v4')
    expect((await deploysOf(app)).map(({ label }) => label)).not.toContain('v1')
  })

  test('need a label', async () => {
    const { app } = pier()
    for (const label of ['', 'x'.repeat(201), 7 as never])
      await expect(markDeploy(app, label)).rejects.toThrow('markDeploy()')
  })
})
