import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Json } from '../../src/index.ts'
import { until } from '../redis/until.ts'
import { BothSides } from './both-sides.ts'

const sides = BothSides.forThisFile()
const seconds = () => Date.now() / 1000

/** A worker of ours with a job that ends when it is told to. */
function patient() {
  const app = sides.app()
  const ends: (() => void)[] = []
  const job = sides.job(app, 'Patient', {
    queue: 'ours',
    perform() {
      return new Promise<void>((resolve, reject) => {
        ends.push(resolve)
        this.signal.addEventListener('abort', () => reject(this.signal.reason))
      })
    },
  })
  const worker = app.work({ queues: ['ours'], timeout: '0s', heartbeat: '200ms', lease: '2s' })
  const stopped = new Promise<void>((resolve) => app.on('worker:stopped', () => resolve()))
  return { app, job, worker, stopped, running: (count: number) => until('they run', () => ends.length === count), ends }
}

const ourProcess = async (id: string) => (await sides.ruby.processes()).find(({ identity }) => identity === id)

describe("our worker on Ruby's pages", () => {
  test('is a process among the others', async () => {
    const app = sides.app()
    const worker = app.work({
      queues: { critical: 3, default: 1 },
      concurrency: 3,
      capsules: { mail: { queues: ['mailers'], concurrency: 2 } },
      name: 'web-1:77',
      tag: 'shop',
      labels: ['v7', 'blue'],
    })
    await until('it beats', async () => (await ourProcess(worker.id)) !== undefined)
    const seen = await ourProcess(worker.id)
    expect(seen).toMatchObject({ hostname: hostname(), pid: process.pid, tag: 'shop', labels: ['v7', 'blue'] })
    expect(seen).toMatchObject({ queues: ['critical', 'default', 'mailers'], concurrency: 5, busy: 0, quiet: 'false' })
    expect(seen?.identity).toMatch(/^web-1:77:[0-9a-f]{12}$/)
    expect(seen?.started_at).toBeCloseTo(seconds(), -1)
    expect(seen?.beat).toBeCloseTo(seconds(), -1)
    expect(seen?.rss).toBeGreaterThan(10_000) // kilobytes
    expect((await sides.ruby.stats()).processes_size).toBe(1)
  })

  test('shows what it performs, from its beginning to its end', async () => {
    const { job, worker, running, ends } = patient()
    const jid = (await job.performAsync('é 🙂 \u2028', { a: [1.5] })) as string
    await running(1)
    await until('Ruby sees it', async () => (await sides.ruby.work()).length === 1)
    const [work] = await sides.ruby.work()
    expect(work).toMatchObject({ process: worker.id, queue: 'ours', run_at: expect.closeTo(seconds(), -1) })
    expect(Number.isInteger(work?.run_at)).toBe(true)
    expect(work?.payload).toMatchObject({
      jid,
      class: 'Patient',
      args: ['é 🙂 \u2028', { a: [1.5] }],
    })
    expect(await ourProcess(worker.id)).toMatchObject({ busy: 1 })
    expect((await sides.ruby.stats()).workers_size).toBe(1)
    ends[0]?.()
    await until('Ruby sees it gone', async () => (await sides.ruby.work()).length === 0)
  })

  test('is quiet when Ruby says so, and finishes what it runs', async () => {
    const { app, job, worker, running, ends } = patient()
    await job.performAsync('first')
    await running(1)
    await sides.ruby.signal(worker.id, 'quiet')
    await until('Ruby sees that', async () => sides.ruby.isStopping(worker.id))
    expect(worker.health()).toMatchObject({ status: 'quiet', running: 1 })
    await job.performAsync('second')
    ends[0]?.()
    await until('the first is done', async () => (await sides.ruby.stats()).processed === 1)
    expect(await sides.ruby.queue('ours')).toMatchObject([{ args: '["second"]' }])
    expect((await app.workers())[0]).toMatchObject({ worker: worker.id, quiet: true })
  })

  test('stops when Ruby says so, and gives back what it cannot finish', async () => {
    const { job, worker, running, stopped } = patient()
    const jid = await job.performAsync('first')
    await running(1)
    await sides.ruby.signal(worker.id, 'stop')
    await stopped
    expect(worker.health().status).toBe('stopped')
    expect(await sides.ruby.processes()).toEqual([])
    expect(await sides.ruby.work()).toEqual([])
    expect(await sides.redis.smembers('processes')).toEqual([])
    expect(await sides.ruby.queue('ours')).toMatchObject([{ jid, args: '["first"]', retry_count: null }])
  })
})

/** Starts our-worker.ts and waits until its job runs. */
async function separate(): Promise<{ id: string; jid: string; child: ChildProcessByStdio<null, Readable, null> }> {
  const jid = (await sides.job(sides.app(), 'Endless', { queue: 'ours' }).performAsync(2 ** 53 - 1)) as string
  const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'our-worker.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, REDIS_URL: sides.server.url },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data')
  await until('it runs', async () => (await sides.ruby.work()).length === 1)
  return { id: String(line).trim(), jid, child }
}

describe('a process of ours', () => {
  test('leaves nothing when it ends', async () => {
    const { jid, child } = await separate()
    child.kill('SIGTERM')
    await once(child, 'exit')
    expect(await sides.redis.smembers('processes')).toEqual([])
    expect(await sides.ruby.work()).toEqual([])
    expect(await sides.ruby.queue('ours')).toMatchObject([{ jid }])
  })

  test('is tidied up by Ruby when it is killed', async () => {
    const { id, child } = await separate()
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(await ourProcess(id)).toBeDefined()
    const left = [
      await sides.redis.pttl(id),
      await sides.redis.pttl(`${id}:work`),
      await sides.redis.pttl(`${id}:workers`),
    ]
    for (const ms of left) expect(ms).toBeGreaterThan(50_000)
    for (const ms of left) expect(ms).toBeLessThanOrEqual(60_000)
    for (const key of [id, `${id}:work`, `${id}:workers`]) await sides.redis.del(key) // a minute later
    expect(await sides.ruby.cleanUp()).toBe(1)
    expect(await sides.redis.smembers('processes')).toEqual([])
    expect(await sides.ruby.work()).toEqual([])
  })

  test('loses no job when it is killed, also after Ruby has tidied up', async () => {
    const { id, jid, child } = await separate()
    child.kill('SIGKILL')
    await once(child, 'exit')
    await sides.redis.del(id, `${id}:work`, `${id}:workers`)
    await sides.ruby.cleanUp()
    const app = sides.app()
    const runs: Json[][] = []
    sides.job(app, 'Endless', {
      perform(...args) {
        runs.push([this.jid, ...args])
      },
    })
    app.work({ queues: ['ours'], heartbeat: '200ms', lease: '1s' })
    await until('another performs it', () => runs.length > 0)
    expect(runs).toEqual([[jid, 2 ** 53 - 1]])
  })
})
