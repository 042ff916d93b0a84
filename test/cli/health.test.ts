import { expect, test } from 'vitest'
import { freePort } from '../redis/redis-server.ts'
import { until } from '../redis/until.ts'
import { Harbour, JOBS } from './harbour.ts'
import { quayside } from './quayside.ts'

const harbour = new Harbour()

const status = async (port: number, path = '/') => (await fetch(`http://127.0.0.1:${port}${path}`)).status

/** A worker with an endpoint, once it claims. */
async function claiming() {
  const port = await freePort()
  const worker = await harbour.work('--health', String(port))
  await until('it claims', async () => (await status(port)) === 200)
  return { port, worker }
}

const ask = async (...args: string[]) => {
  const { stdout, stderr, exit } = await quayside(['health', ...args], { env: { REDIS_URL: harbour.server.url } })
  return { text: (stdout + stderr).trim(), exit }
}

test('is 200 while it claims and 503 when it is quiet, and alive all the time', async () => {
  const { port, worker } = await claiming()
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).json()).toMatchObject({ status: 'running', claiming: true })
  expect(await ask('--port', String(port))).toEqual({ text: 'claiming, 0 running', exit: 0 })
  worker.signal('SIGTSTP')
  await until('it is not ready', async () => (await status(port)) === 503)
  expect(await status(port, '/live')).toBe(200)
  expect(await ask('--port', String(port))).toEqual({ text: 'not claiming: quiet', exit: 1 })
})

test('is 503 while Redis is away', async () => {
  const port = await freePort()
  const worker = harbour.start(['-r', JOBS, '--health', String(port)], {
    env: { REDIS_URL: `redis://127.0.0.1:${await freePort()}` },
  })
  await worker.says('works, pid')
  expect(await status(port)).toBe(503)
  expect(await status(port, '/live')).toBe(200)
  expect(await ask('-p', String(port))).toEqual({ text: 'not claiming: running', exit: 1 })
})

test('without a port it asks Redis for workers of this host', async () => {
  expect(await ask()).toMatchObject({ text: expect.stringMatching(/^no worker of .* is alive$/), exit: 1 })
  const { worker } = await claiming()
  expect(await ask()).toMatchObject({ text: expect.stringContaining(`:${worker.pid}:`), exit: 0 })
  worker.signal('SIGTSTP')
  await until('Redis knows', async () => (await harbour.app.workers())[0]?.quiet === true)
  expect(await ask()).toEqual({ text: 'not claiming: 1 quiet', exit: 1 })
})

test('says when nobody answers, or Redis does not', async () => {
  expect(await ask('--port', String(await freePort()))).toMatchObject({
    text: expect.stringContaining('no answer on port'),
    exit: 1,
  })
  expect(await ask('--redis', `redis://127.0.0.1:${await freePort()}`)).toMatchObject({
    text: expect.stringMatching(/^error: .*$/),
    exit: 1,
  })
})

test('a port that is none is refused', async () => {
  expect(await ask('--port', 'x')).toEqual({
    text: 'error: --port must be a whole number from 0 to 65535; got "x" (string)',
    exit: 2,
  })
})

test('a port that is taken ends the worker before it begins', async () => {
  const { port } = await claiming()
  const second = harbour.start(['-r', JOBS, '--health', String(port)])
  expect(await second.ended()).toBe(1)
  expect(second.stderr).toContain(`error: the health endpoint cannot listen on port ${port}`)
})
