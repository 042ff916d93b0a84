import { expect, test } from 'vitest'
import { Harbour, JOBS } from './harbour.ts'
import { jobFile, project } from './project.ts'

const harbour = new Harbour()

test('-v tells of each job as it begins and ends', async () => {
  await harbour.push('Quick')
  await harbour.app.client.push({ class: 'Failing', args: [], retry: false })
  const worker = harbour.start(['-v', '-r', JOBS])
  await worker.says(/^Quick [0-9a-f]{24} from default: attempt 1$/m)
  await worker.says(/^Quick [0-9a-f]{24}: done in \d+ ms$/m)
  await worker.says(/^Failing [0-9a-f]{24}: failed after \d+ ms: Error: as ordered$/m)
})

test('--json says the same in lines of JSON', async () => {
  const worker = harbour.start(['-r', JOBS, '--json'])
  await worker.says('TTIN')
  worker.signal('SIGTERM')
  expect(await worker.ended()).toBe(0)
  const lines = worker.stdout.trim().split('\n')
  const said = lines.map((line) => JSON.parse(line))
  expect(said.at(-1)).toEqual({ time: expect.stringMatching(/^\d{4}-.*Z$/), level: 'info', msg: 'stopped' })
})

test('-e is NODE_ENV for all that the job file imports, where that is not set', async () => {
  const cwd = project({ 'jobs.mjs': jobFile("console.log('for', process.env.NODE_ENV)") })
  const worker = harbour.start(['-r', 'jobs.mjs', '-e', 'production'], { cwd })
  await worker.says('for production')
  const other = harbour.start(['-r', 'jobs.mjs', '-e', 'staging'], { cwd, env: { NODE_ENV: 'production' } })
  await other.says('works, pid')
  expect(other.stdout).toContain('for production')
})

test('a worker that the job file itself starts and stops is another one', async () => {
  const cwd = project({
    'jobs.mjs': jobFile('const own = app.work({ queues: ["own"] })\nsetTimeout(() => own.stop(), 50)'),
  })
  const worker = harbour.start(['-r', 'jobs.mjs'], { cwd })
  await worker.says('works, pid')
  await worker.says('the worker has stopped')
  await harbour.app.client.push({ class: 'Hello', args: ['still'] })
  await worker.says('hello still')
  expect(worker.stdout.match(/works, pid/g)).toHaveLength(1)
})

test('a leading option is for quayside work', async () => {
  const worker = harbour.start(['-c', '4', '-r', JOBS])
  await worker.says('; 4 at a time')
})
