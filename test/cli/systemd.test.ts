import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { until } from '../redis/until.ts'
import { Harbour, JOBS } from './harbour.ts'

const harbour = new Harbour()
const folder = mkdtempSync(join(tmpdir(), 'quayside-systemd-'))
const told = join(folder, 'told')
afterAll(() => rmSync(folder, { recursive: true }))

/** In the place of systemd's own program, which not every machine has. */
function install(): string {
  const program = join(folder, 'systemd-notify')
  writeFileSync(told, '')
  writeFileSync(program, `#!/bin/sh\necho "$@" >> '${told}'\n`)
  chmodSync(program, 0o755)
  return `${folder}${delimiter}${process.env.PATH}`
}

test('systemd hears that it is ready, and that it stops', async () => {
  const env = { PATH: install(), NOTIFY_SOCKET: join(folder, 'socket') }
  const worker = harbour.start(['-r', JOBS], { env })
  await until('it is ready', () => readFileSync(told, 'utf8').includes('READY=1 STATUS=working\n'))
  worker.signal('SIGTERM')
  expect(await worker.ended()).toBe(0)
  await until('it stops', () => readFileSync(told, 'utf8').endsWith('STOPPING=1\n'))
})

test('without systemd-notify it works, and says what to do', async () => {
  const worker = harbour.start(['-r', JOBS], { env: { PATH: `${folder}-nowhere`, NOTIFY_SOCKET: '/nowhere' } })
  await worker.says('install systemd-notify, or use Type=exec in the unit')
})
