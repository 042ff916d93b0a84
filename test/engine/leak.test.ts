import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { pier } from './support/pier.ts'
import { HOUR, MINUTE, rest, SECOND } from './support/time.ts'

/** Runs a program of its own, as a user's would run: with the system's clock. */
async function run(script: string): Promise<string> {
  const program = `
    import { memoryStorage } from './adapters/memory/index.ts'
    import { Quayside } from './src/index.ts'
    const app = new Quayside({ storage: memoryStorage(), logger: false })
    ${script}
  `
  const args = ['--expose-gc', '--import', 'tsx', '--input-type=module', '--eval', program]
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 60_000 })
  return stdout.trim()
}

describe('after app.close()', () => {
  test('no timer waits, whatever the worker did before', async () => {
    const here = pier()
    const { job } = here.noting()
    here.job('Fail', { perform: () => Promise.reject(new Error()) })
    await here.job('Slow', { timeout: '1m', perform: () => new Promise(() => {}) }).performAsync()
    await here.job('Fail').performAsync()
    await job.performIn('1h')
    await here.work({ capsules: { a: { queues: ['a'] }, b: { queues: ['b'] } } })
    await here.work()
    await here.pass(HOUR)
    const closing = here.app.close()
    await here.pass(MINUTE)
    await closing
    expect(here.clock.waiting).toBe(0)
    here.tap.calls.length = 0
    await here.pass(HOUR)
    expect(here.tap.calls).toEqual([])
  })

  test('no timer waits though the storage was away', async () => {
    const here = pier()
    await here.work()
    here.tap.weather = 'down'
    await here.pass(10 * SECOND)
    const closing = here.app.close().catch(() => {})
    await here.pass(MINUTE)
    await closing
    expect(here.clock.waiting).toBe(0)
  })

  test('the process ends by itself', async () => {
    const out = await run(`
      const job = app.job('Work', { timeout: '1h', perform: async () => console.log('performed') })
      app.work()
      app.on('job:completed', async () => {
        await app.close()
        console.log(process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length)
      })
      await job.performAsync()
    `)
    expect(out).toBe('performed\n0')
  })

  test('an app that only enqueues keeps no process alive, closed or not', async () => {
    expect(await run(`await app.job('Work').performAsync(); console.log('done')`)).toBe('done')
  })
})

test('200,000 jobs leave the heap where it was', { timeout: 90_000 }, async () => {
  const out = await run(`
    let performed = 0
    const job = app.job('Work', { perform: async (n) => { performed++; if (n % 1000 === 0) throw new Error('x') }, retry: 0 })
    app.work({ concurrency: 50 })
    const batch = async (count) => {
      const goal = performed + count
      await job.performBulk(Array.from({ length: count }, (_, n) => [n]))
      while (performed < goal) await new Promise((resolve) => setImmediate(resolve))
      await new Promise((resolve) => setTimeout(resolve, 20))
      gc(); gc()
      return process.memoryUsage().heapUsed
    }
    const before = await batch(20_000)
    let after = 0
    for (let round = 0; round < 9; round++) after = await batch(20_000)
    const { processed, running, enqueued } = await app.stats()
    console.log(JSON.stringify({ grownMb: (after - before) / 2 ** 20, processed, running, enqueued }))
    await app.close()
  `)
  const { grownMb, ...stats } = JSON.parse(out)
  expect(stats).toEqual({ processed: 200_000, running: 0, enqueued: 0 })
  expect(grownMb).toBeLessThan(8)
})

test('waiting callers of a worker that idles are not kept', async () => {
  const here = pier()
  const { job } = here.noting()
  await here.work()
  for (let n = 0; n < 100; n++) await job.performAsync(n)
  await rest()
  expect(here.clock.waiting).toBeLessThanOrEqual(6)
})
