import { once } from 'node:events'
import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import type { DashboardOptions } from '../../../src/dashboard/index.ts'
import { toNodeHandler } from '../../../src/dashboard/node.ts'
import { BASE, close, mounted, originOf } from './mounted.ts'

const asItCame = (headers: IncomingHttpHeaders) => headers

/** A dashboard with a proxy in front, which changes paths and headers. */
async function proxied(
  pathOf: (path: string) => string,
  options: DashboardOptions = {},
  headersOf: (headers: IncomingHttpHeaders) => IncomingHttpHeaders = asItCame,
) {
  const here = await mounted((dashboard) => createServer(toNodeHandler(dashboard)).listen(0, '127.0.0.1'), {
    authorize: () => 'all',
    ...options,
  })
  const proxy = createServer((incoming, outgoing) => {
    const { method, url = '', headers } = incoming
    const to = httpRequest(here.origin, { method, path: pathOf(url), headers: headersOf(headers) }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
      answer.pipe(outgoing)
    })
    incoming.pipe(to)
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  onTestFinished(() => close(proxy))
  const seen = originOf(proxy)
  const pause = (origin = seen) =>
    fetch(`${seen + BASE}/queues/x/pause`, {
      method: 'POST',
      headers: { origin },
      body: new URLSearchParams(),
      redirect: 'manual',
    })
  return { ...here, seen, pause }
}

const keeps = (path: string) => path
const strips = (path: string) => path.slice(BASE.length) || '/'

test.for([
  ['keeps', keeps],
  ['strips', strips],
] as const)('behind a proxy that %s the prefix, links and forms lead back through it', async ([, pathOf]) => {
  const { seen, app, pause } = await proxied(pathOf)
  for (const path of ['', '/', '/queues', '/busy?page=1']) {
    const page = await fetch(seen + BASE + path)
    expect([path, page.status]).toEqual([path, 200])
    const [sheet] = /\/[^"]+dashboard\.css/.exec(await page.text()) ?? []
    expect((await fetch(seen + sheet)).headers.get('content-type')).toContain('text/css')
  }
  const answer = await pause()
  expect([answer.status, answer.headers.get('location')]).toEqual([303, expect.stringMatching(`^${BASE}/queues`)])
  expect(await app.queue('x').isPaused()).toBe(true)
})

test('a proxy that changes the host needs the origin that people see', async () => {
  const changesHost = ({ host: _, ...headers }: IncomingHttpHeaders) => ({ ...headers, host: 'inside.example:8080' })
  const refused = await proxied(keeps, {}, changesHost)
  expect((await refused.pause()).status).toBe(403)
  const origin = 'https://jobs.example.com'
  const told = await proxied(keeps, { origins: [origin] }, changesHost)
  expect((await told.pause(origin)).status).toBe(303)
  expect((await told.pause('https://evil.example')).status).toBe(403)
})

test('without authorize nobody comes in through a proxy that tells of itself, or that keeps the host', async () => {
  const open = { authorize: undefined }
  const statusOf = async (headersOf: typeof asItCame) => {
    const { seen } = await proxied(keeps, open, headersOf)
    return (await fetch(seen + BASE)).status
  }
  expect(await statusOf((headers) => ({ ...headers, host: 'localhost', 'x-forwarded-for': '203.0.113.7' }))).toBe(403)
  expect(await statusOf((headers) => ({ ...headers, host: 'localhost', via: '1.1 proxy' }))).toBe(403)
  expect(await statusOf((headers) => ({ ...headers, host: 'jobs.example.com' }))).toBe(403)
})
