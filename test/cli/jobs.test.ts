import { expect, test } from 'vitest'
import { Ground } from './ground.ts'

const ground = new Ground()

/** Three jobs that died, and one that will be tried again. */
async function failures(): Promise<string[]> {
  const { app, server } = ground
  const redis = server.client()
  const dead = [
    { class: 'Charge', queue: 'critical', args: [7], error_class: 'Timeout', error_message: 'too slow', tags: ['vip'] },
    { class: 'Charge', queue: 'default', args: [8], error_class: 'Refused', error_message: 'no money' },
    { class: 'Report', queue: 'low', args: ['May'], error_class: 'Timeout', error_message: 'asleep' },
  ].map((job, index) => ({ ...job, jid: `dead-${index}` }))
  for (const [index, job] of dead.entries()) await redis.zadd('dead', Date.now() / 1_000 + index, JSON.stringify(job))
  const retried = { class: 'Charge', queue: 'default', args: [9], jid: 'retry-0', retry_count: 2 }
  await redis.zadd('retry', Date.now() / 1_000 + 3_600, JSON.stringify(retried))
  await redis.quit()
  expect(await app.stats()).toMatchObject({ dead: 3, retry: 1 })
  return dead.map(({ jid }) => jid)
}

test('enqueues a job, with its arguments as they were given', async () => {
  const jid = (await ground.run('enqueue', 'Charge', '[7,"visa"]', '--queue', 'critical')).stdout.trim()
  const [job] = (await ground.app.queue('critical').page()).jobs
  expect(job).toMatchObject({ jid, class: 'Charge', args: [7, 'visa'] })
  await ground.run('enqueue', 'Charge', '--in', '10m')
  const [later] = (await ground.app.scheduled.page()).jobs
  expect(later?.at?.getTime()).toBeGreaterThan(Date.now() + 590_000)
})

test.each([
  { args: ['enqueue', 'Charge', '{"a":1}'], says: 'the arguments must be a JSON array: \'[{"a":1}]\'' },
  { args: ['enqueue', 'Charge', '[7'], says: 'the arguments are no JSON' },
  { args: ['enqueue', 'Charge', '[90071992547409931]'], says: 'pass it as a string' },
  { args: ['enqueue', 'Charge', '--in', '10'], says: '--in needs a duration such as 10m; got 10' },
  { args: ['enqueue', 'Charge', '--in', '1m', '--at', '2040-01-01'], says: '--in or --at, not both' },
  { args: ['jobs', 'a b'], says: '"a b" is no name of a queue' },
  { args: ['jobs', 'dead', '--limit', 'few'], says: '--limit needs a whole number of at least 1; got few' },
  { args: ['jobs', 'dead', '--clas', 'X'], says: 'did you mean --class?' },
  { args: ['retry', 'retires', 'x'], says: 'did you mean retries?' },
  { args: ['retry', 'dead'], says: 'which jobs? Name them by jid, or say --all or a filter' },
  { args: ['delete', 'dead', 'jid', '--all'], says: 'not both' },
  { args: ['sttas'], says: 'did you mean stats?' },
])('refuses $args in one line', async ({ args, says }) => {
  const { exit, stderr } = await ground.run(...args)
  expect(stderr).toContain(says)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(exit).toBe(2)
})

test('shows the jobs of a place, whatever is in them', async () => {
  const redis = ground.server.client()
  await redis.lpush(
    'queue:default',
    '{"class":"Big","args":[9007199254740993,"\\u001b[31m"],"jid":"b\\u001b[2J"}',
    'no job at all',
  )
  await redis.sadd('queues', 'default')
  await redis.quit()
  const { stdout } = await ground.run('jobs', 'default')
  expect(stdout).toContain('[9007199254740993,"\\u001b[31m"]')
  expect(stdout).toContain('no job at all')
  expect(stdout).not.toContain('\x1b')
  const json = (await ground.run('jobs', 'default', '--json')).stdout
  expect(json).toContain('9007199254740993')
  expect(JSON.parse(json)).toMatchObject([{ job: 'no job at all' }, { job: { class: 'Big' } }])
})

test.each([
  { filter: [], found: ['dead-0', 'dead-1', 'dead-2'] },
  { filter: ['--class', 'Charge'], found: ['dead-0', 'dead-1'] },
  { filter: ['--error', 'Timeout'], found: ['dead-0', 'dead-2'] },
  { filter: ['--error', 'Timeout', '--queue', 'low'], found: ['dead-2'] },
  { filter: ['--tag', 'vip'], found: ['dead-0'] },
  { filter: ['--match', 'May'], found: ['dead-2'] },
  { filter: ['--limit', '2'], found: ['dead-0', 'dead-1'] },
])('filters by $filter', async ({ filter, found }) => {
  await failures()
  const shown = (await ground.json('jobs', 'dead', ...filter)) as { job: { jid: string } }[]
  expect(shown.map(({ job }) => job.jid)).toEqual(found)
})

test('retries a job by jid, those of a filter, and all', async () => {
  await failures()
  expect(await ground.json('retry', 'dead', 'dead-1')).toEqual({ changed: 1 })
  expect(await ground.json('retry', 'dead', '--error', 'Timeout')).toEqual({ changed: 2 })
  expect(await ground.json('retry', 'retries', '--all')).toEqual({ changed: 1 })
  expect(await ground.app.stats()).toMatchObject({ dead: 0, retry: 0, enqueued: 4 })
  const gone = await ground.run('retry', 'dead', 'dead-1')
  expect([gone.exit, gone.stderr.trim()]).toEqual([1, 'error: there is no job dead-1 in dead'])
})

test('destroys nothing without being told so', async () => {
  await failures()
  for (const args of [
    ['clear', 'dead'],
    ['delete', 'dead', '--all'],
    ['kill', 'retries', 'retry-0'],
  ]) {
    const { exit, stderr } = await ground.run(...args)
    expect(stderr).toContain('say --yes')
    expect(exit).toBe(2)
  }
  expect(await ground.app.stats()).toMatchObject({ dead: 3, retry: 1 })
})

test('kills, deletes and clears', async () => {
  await failures()
  expect((await ground.run('kill', 'retries', 'retry-0', '--yes')).stdout).toBe('1 job was sent to the dead set.\n')
  expect((await ground.run('delete', 'dead', '--class', 'Report', '--yes')).stdout).toBe('1 job was deleted.\n')
  expect((await ground.run('clear', 'dead', '-y')).stdout).toBe('dead is empty; 3 jobs were deleted.\n')
  expect(await ground.app.stats()).toMatchObject({ dead: 0, retry: 0 })
})

test('pauses queues and resumes them', async () => {
  expect(await ground.json('pause', 'mailers', 'low')).toEqual({ paused: ['low', 'mailers'] })
  expect(await ground.app.queue('low').isPaused()).toBe(true)
  expect((await ground.run('resume', 'mailers', 'low')).stdout).toBe('No queue is paused.\n')
})

test('a Redis that is not there is one line', async () => {
  const { exit, stderr } = await ground.run('stats', '--redis', 'redis://user:secret@127.0.0.1:1')
  expect(stderr).toMatch(/^error: .*127\.0\.0\.1:1.*\n$/)
  expect(stderr).not.toContain('secret')
  expect(exit).toBe(1)
})
