import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { Harbour } from './harbour.ts'
import { project } from './project.ts'
import type { QuaysideProcess } from './quayside.ts'

const harbour = new Harbour()
let cwd: string

beforeEach(() => {
  cwd = project({ 'src/empty.mjs': '' })
})

/** A job file whose jobs say which edition of it performs them. */
function write(edition: string, more = ''): void {
  const text = `
    import { Quayside } from 'quayside'
    import { configuredStorage } from 'quayside/config'
    export const app = new Quayside({ storage: configuredStorage(), logger: false })
    const Show = app.job('Show', { async perform(number) { console.log('${edition} shows', number) } })
    const Hold = app.job('Hold', { async perform() {
      console.log('${edition} holds')
      if ('${edition}' === 'first') await new Promise((_, reject) => this.signal.addEventListener('abort', () => reject(this.signal.reason)))
    } })
    ${more}`
  writeFileSync(join(cwd, 'src/jobs.mjs'), text)
}

function start(env: Record<string, string> = {}): QuaysideProcess {
  return harbour.start(['-r', 'src/jobs.mjs', '-t', '0.1', '-c', '1', '--watch'], { cwd, env })
}

test('starts again when a file changes; what ran and what waits is done by the next', async () => {
  write('first')
  const watching = start()
  await watching.says('works, pid')
  await harbour.push('Hold')
  await harbour.push('Show')
  await watching.says('first holds')
  write('second')
  await watching.says('jobs.mjs changed: starting again')
  await watching.says('1 job given back')
  await watching.says('second holds')
  await watching.says('second shows 1')
  watching.signal('SIGTERM')
  expect(await watching.ended()).toBe(0)
})

test('takes the jobs in memory along', async () => {
  write(
    'first',
    `
    await Hold.performAsync()
    await Show.performAsync(1)
    await Show.performIn('50ms', 2)`,
  )
  const watching = start({ REDIS_URL: '' })
  await watching.says('first holds')
  write('second')
  await watching.says('second holds')
  await watching.says('second shows 1')
  await watching.says('second shows 2')
})

test('a file that cannot be loaded is waited for, and no job is lost', async () => {
  write('first', 'await Hold.performAsync(); await Show.performAsync(1)')
  const watching = start({ REDIS_URL: '' })
  await watching.says('first holds')
  writeFileSync(join(cwd, 'src/jobs.mjs'), 'export const app = ')
  await watching.says('the worker ended with 1; waiting for a change')
  write('third')
  await watching.says('third shows 1')
})

test('hears of files in new folders', async () => {
  write('first')
  const watching = start()
  await watching.says('works, pid')
  mkdirSync(join(cwd, 'src/mail'))
  writeFileSync(join(cwd, 'src/mail/a.mjs'), '')
  await watching.says('src/mail/a.mjs changed')
})

test('a second TERM ends both at once', async () => {
  write('first')
  const watching = harbour.start(['-r', 'src/jobs.mjs', '--watch'], { cwd })
  await watching.says('works, pid')
  await harbour.push('Hold')
  await watching.says('first holds')
  watching.signal('SIGINT')
  await watching.says('stopping: 1 job running')
  watching.signal('SIGINT')
  expect(await watching.ended()).toBe(130)
})
