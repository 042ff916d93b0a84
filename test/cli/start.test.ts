import { join } from 'node:path'
import { expect, test } from 'vitest'
import { freePort, RedisServer } from '../redis/redis-server.ts'
import { Harbour, JOBS } from './harbour.ts'
import { jobFile, project } from './project.ts'
import { quayside } from './quayside.ts'

const harbour = new Harbour()

/** A file of a test's own. */
const file = (name: string, text: string) => join(project({ [name]: text }), name)

test('says what it serves, where, how to stop it, and no password', async () => {
  const url = harbour.server.url.replace('redis://', 'redis://default:secret@')
  const worker = harbour.start(
    ['-r', JOBS, '-q', 'critical,2', '-q', 'default', '-c', '3', '-g', 'blue', '-e', 'staging'],
    {
      env: { REDIS_URL: url },
    },
  )
  await worker.says('TTIN')
  const place = harbour.server.url
  expect(worker.stdout).toMatch(
    `works, pid ${worker.pid}, staging, blue\n  storage: ${place}\n  queues: critical ×2, default ×1; 3 at a time\nCtrl-C or TERM stops it`,
  )
  expect(worker.output).not.toContain('secret')
})

test('TERM while the job file is being loaded ends it, with 0', async () => {
  const slow = file('slow.mjs', "console.log('loading'); await new Promise((resolve) => setTimeout(resolve, 60_000))")
  const worker = harbour.start(['work', '-r', slow])
  await worker.says('loading')
  worker.signal('SIGTERM')
  expect(await worker.ended()).toBe(0)
  expect(worker.stdout).toContain('stopped before it had started')
})

test('TSTP while the job file is being loaded makes the worker quiet before it claims', async () => {
  const slow = file(
    'slow-jobs.mjs',
    `console.log('loading')
     await new Promise((resolve) => process.once('SIGTSTP', resolve))
     const { app } = await import(${JSON.stringify(JOBS)})
     app.on('worker:quiet', () => console.log('quiet'))
     export { app }`,
  )
  await harbour.push('Quick')
  const worker = harbour.start(['work', '-r', slow])
  await worker.says('loading')
  worker.signal('SIGTSTP')
  await worker.says('quiet')
  worker.signal('SIGTERM')
  expect(await worker.ended()).toBe(0)
  expect(await harbour.app.queue('default').size()).toBe(1)
})

test('without its Redis it waits, and works when Redis is there', async () => {
  const port = await freePort()
  const talking = file('talking.mjs', jobFile())
  const worker = harbour.start(['work', '-r', talking], { env: { REDIS_URL: `redis://127.0.0.1:${port}` } })
  await worker.says('the storage does not answer; the worker keeps trying')
  const server = await RedisServer.start('--port', String(port))
  await worker.says('the storage answers again').finally(() => server.destroy())
})

test('without its Redis it stops on TERM, with 0', async () => {
  const worker = harbour.start(['work', '-r', JOBS], { env: { REDIS_URL: `redis://127.0.0.1:${await freePort()}` } })
  await worker.says('the storage does not answer; the worker keeps trying: ')
  worker.signal('SIGTERM')
  expect(await worker.ended()).toBe(0)
})

test('in development without Redis it works in memory, and says so', async () => {
  const own = file('own.mjs', jobFile("await Hello.performAsync('me')"))
  const worker = harbour.start(['work', '-r', own], { env: { REDIS_URL: '' } })
  await worker.says('hello me')
  await worker.says('No Redis is configured (REDIS_URL), so jobs are kept in memory')
  expect(worker.stdout).toContain('storage: memory\n')
})

test.each([
  [['work'], 2, 'which app? Say -r FILE'],
  [[], 2, 'which app? Say -r FILE'],
  [['work', '-r', 'nowhere.js'], 2, 'there is no file'],
  [['work', '-r', JOBS, '-C', 'nowhere.yml'], 2, 'there is no configuration file nowhere.yml'],
  [['work', '-r', JOBS, '-c', 'many'], 2, '--concurrency must be a whole number from 1 to 10000; got "many" (string)'],
  [['work', '-r', JOBS, '-q', 'a b'], 2, '--queue: "a b" (string) is not a queue name'],
  [['work', '-r', JOBS, '--conurrency', '3'], 2, 'has no option --conurrency; did you mean --concurrency?'],
  [['work', '-r', JOBS, '-q'], 2, '-q needs NAME[,N]'],
  [['wrok'], 2, 'quayside has no command "wrok"; did you mean work?'],
  [['work', '-r', 'test/cli/quayside.ts', '-e', 'production'], 1, 'could not be loaded|is TypeScript'],
  [['work', '-r', 'scripts/imports.mjs'], 1, 'exports no app'],
])('%j ends with %d and one line', async (args, code, line) => {
  const ended = await quayside(args)
  expect(ended.stderr).toMatch(/^error: .*\n$/)
  expect(ended.stderr).toMatch(new RegExp(line.replace(/[?()[\]]/g, '\\$&')))
  expect(ended.exit).toBe(code)
})

test('in production without Redis it ends with 1', async () => {
  const ended = await quayside(['work', '-r', JOBS, '-e', 'production'])
  expect(ended.stderr).toContain('in production memory is no place for jobs: set REDIS_URL')
  expect(ended.exit).toBe(1)
})

test('a job file in TypeScript says the two ways to run it, where the runtime cannot', async () => {
  const typed = file('jobs.ts', `const count: number = 1\nexport const app = count`)
  const ended = await quayside(['work', '-r', typed])
  // A runtime that loads it finds that 1 is no app.
  const can = Boolean((process.features as { typescript?: unknown }).typescript)
  expect(ended.stderr).toMatch(
    can ? 'exports no app' : /is TypeScript.* Node 22\.18 .* install tsx and set NODE_OPTIONS='--import tsx'/,
  )
  expect(ended.exit).toBe(1)
})

test('a job file in TypeScript runs under tsx', async () => {
  const typed = file('typed.mts', `enum Colour { Blue }\nexport const app = Colour.Blue`)
  const ended = await quayside(['work', '-r', typed], { env: { NODE_OPTIONS: '--import tsx' } })
  expect(ended.stderr).toContain('exports no app')
})

test('-v adds the stack to an error', async () => {
  const broken = file('broken.mjs', "throw new Error('as ordered')")
  const ended = await quayside(['work', '-v', '-r', broken])
  expect(ended.stderr).toMatch(/could not be loaded: as ordered.*caused by Error: as ordered.*broken\.mjs:1/s)
})
