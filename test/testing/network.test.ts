import { expect, test } from 'vitest'
import { NetworkUnavailableError, type Run } from '../../src/index.ts'
import { advance, drain, fake, inline, jobs } from '../../src/testing/index.ts'
import { harbour } from './harbour.ts'

/** An app with a job that needs the network, which is away at first. */
function offline() {
  const { app } = harbour()
  const net = { isAway: true }
  const attempts: number[] = []
  const job = app.job('Upload', {
    requires: 'network',
    retry: 0,
    perform(this: Run) {
      attempts.push(this.attempt)
      if (net.isAway) throw new NetworkUnavailableError('away')
    },
  })
  return { app, job, net, attempts }
}

test('a job that finds no network throws its error in the test, and waits without having lost an attempt', async () => {
  const { app, job, net, attempts } = offline()
  fake(app)
  await job.performAsync()
  await expect(drain(job)).rejects.toThrow('away')
  expect(jobs(job)).toMatchObject([{ waiting_for: 'network', requires: 'network' }])
  expect(await app.stats()).toMatchObject({ processed: 0, dead: 0, retry: 0, scheduled: 1 })
  expect(await drain(job)).toBe(0)
  expect(await advance(app, '1m')).toBe(4)
  net.isAway = false
  expect(await advance(app, '15s')).toBe(1)
  expect(attempts).toEqual([1, 1, 1, 1, 1, 1])
  expect(jobs(job).length).toBe(0)
})

test('a drain through all retries comes to an end', async () => {
  const { app, job } = offline()
  fake(app)
  await job.performAsync()
  expect(await drain(app, { retries: true })).toBe(1)
})

test('inline, whoever enqueues it gets the error, and it waits', async () => {
  const { app, job, net } = offline()
  inline(app)
  await expect(job.performAsync()).rejects.toThrow('away')
  net.isAway = false
  expect(await advance(app, '15s')).toBe(1)
})
