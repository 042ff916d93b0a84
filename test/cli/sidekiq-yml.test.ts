import { test } from 'vitest'
import { until } from '../redis/until.ts'
import { Harbour, JOBS } from './harbour.ts'
import { project } from './project.ts'

const harbour = new Harbour()

/** As Rails apps have it. */
const FILE = `---
:concurrency: 5
:timeout: 10
:max_retries: 3
:pidfile: tmp/pids/sidekiq.pid
:queues:
  - [critical, 2]
  - default
:redis:
  :url: <%= ENV['CACHE_URL'] %>
  :size: 12
  :network_timeout: 3
:production:
  :concurrency: <%= ENV.fetch('THREADS', 20) %>
`

test('a worker serves the queues of config/sidekiq.yml on its Redis, as its section says', async () => {
  const cwd = project({ 'config/sidekiq.yml': FILE })
  const env = { REDIS_URL: '', CACHE_URL: harbour.server.url, THREADS: '7' }
  const worker = harbour.start(['-r', JOBS, '-e', 'production'], { cwd, env })
  await worker.says('no use here for max_retries, pidfile, size; quayside work --print-config says why')
  await worker.says('queues: critical ×2, default ×1; 7 at a time')
  await worker.says('running jobs have 10 s')
  await harbour.app.client.push({ class: 'Quick', args: [7], queue: 'critical' })
  await worker.says('did 7')
  await until('it is counted', async () => (await harbour.app.stats()).processed === 1)
})
