import { expect, type TestContext, test } from 'vitest'
import { Ground } from './ground.ts'
import { QuaysideProcess } from './quayside.ts'

const ground = new Ground()

/** Starts it on a free port, and answers where it is. */
async function served({ onTestFinished }: TestContext, args: string[] = [], env: Record<string, string> = {}) {
  const running = new QuaysideProcess(['dashboard', '--port', '0', ...args], { env: { ...ground.env, ...env } })
  onTestFinished(() => running.kill())
  await running.says(/http:\/\/\S+\//)
  const [url = ''] = /http:\/\/\S+/.exec(running.stdout) ?? []
  return { running, url }
}

test('serves what is in Redis, acts on it, and ends at TERM', async (context) => {
  await ground.app.client.push({ class: 'Charge', args: ['9007199254740993'], queue: 'critical' })
  const { running, url } = await served(context)
  const page = await (await fetch(`${url}queues/critical`)).text()
  expect(page).toContain('Charge')
  const answer = await fetch(`${url}queues/critical/pause`, {
    method: 'POST',
    body: new URLSearchParams(),
    headers: { 'sec-fetch-site': 'same-origin' },
    redirect: 'manual',
  })
  expect(answer.status).toBe(303)
  expect(await ground.app.queue('critical').isPaused()).toBe(true)
  running.signal('SIGTERM')
  expect(await running.ended()).toBe(0)
})

test('asks for the login that it was given', async (context) => {
  const { url } = await served(context, ['--read-only'], { QUAYSIDE_DASHBOARD_LOGIN: 'ada:love:lace' })
  expect((await fetch(url)).status).toBe(401)
  const authorization = `Basic ${btoa('ada:love:lace')}`
  const answer = await fetch(url, { headers: { authorization } })
  expect(answer.status).toBe(200)
})

test.each([
  { args: ['--host', '0.0.0.0'], says: 'lets others in: set QUAYSIDE_DASHBOARD_LOGIN=user:password' },
  { args: ['--port', '70000'], says: '--port needs a number up to 65535' },
])('refuses $args', async ({ args, says }) => {
  const { exit, stderr } = await ground.run('dashboard', ...args)
  expect(stderr).toContain(says)
  expect(exit).toBe(2)
})
