import { once } from 'node:events'
import { createServer, request as httpRequest, type RequestOptions } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { dashboard } from '../../src/dashboard/index.ts'
import { toNodeHandler } from '../../src/dashboard/node.ts'
import { pier } from '../engine/support/pier.ts'

async function serving(options: Parameters<typeof dashboard>[1] = {}) {
  const here = pier()
  const server = createServer(toNodeHandler(dashboard(here.app, options))).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { ...here, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** A request as it stands: `fetch` would not send this host, nor this path. */
async function raw(origin: string, options: RequestOptions) {
  const sent = httpRequest(origin, options).end()
  const [answer] = await once(sent, 'response')
  answer.resume()
  return answer.statusCode
}

test('opens on this machine without authorize, and takes forms', async () => {
  const { origin, app } = await serving()
  const page = await fetch(`${origin}/queues`)
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  const answer = await fetch(`${origin}/queues/x/pause`, {
    method: 'POST',
    headers: { origin },
    body: new URLSearchParams(),
    redirect: 'manual',
  })
  expect(answer.status).toBe(303)
  expect(await app.queue('x').isPaused()).toBe(true)
})

test('cookies are sent one by one', async () => {
  const { origin } = await serving()
  const body = new URLSearchParams({ language: 'en', theme: 'dark' })
  const answer = await fetch(`${origin}/preferences`, { method: 'POST', headers: { origin }, body, redirect: 'manual' })
  expect(answer.headers.getSetCookie()).toHaveLength(2)
})

test('a name of the web that was made to lead here does not open it', async () => {
  const { origin } = await serving()
  for (const host of ['evil.example', 'localhost@evil.example', 'localhost/x', 'a b']) {
    expect([host, await raw(origin, { headers: { host } })]).toEqual([host, 403])
  }
  expect(await raw(origin, { headers: { host: 'localhost' } })).toBe(200)
})

test('a method that no Request can have is refused, and harms nobody', async () => {
  const { origin } = await serving()
  expect(await raw(origin, { method: 'TRACE' })).toBe(400)
  expect((await fetch(origin)).status).toBe(200)
})

test('odd targets lead nowhere else', async () => {
  const { origin } = await serving()
  for (const path of ['//evil.example/', '/%', '*', 'http://evil.example/nothing']) {
    expect([path, await raw(origin, { path })]).toEqual([path, path === '*' ? 200 : 404])
  }
})

test('a body that is too long is refused, and does no harm', async () => {
  const { origin } = await serving()
  const body = new URLSearchParams({ more: 'x'.repeat(2_000_000) })
  const status = await fetch(`${origin}/queues/x/pause`, { method: 'POST', headers: { origin }, body }).then(
    (answer) => answer.status,
    () => 413,
  )
  expect(status).toBe(413)
  expect((await fetch(origin)).status).toBe(200)
})
