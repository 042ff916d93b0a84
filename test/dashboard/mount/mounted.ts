import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Dashboard, type DashboardOptions, dashboard } from '../../../src/dashboard/index.ts'
import { pier } from '../../engine/support/pier.ts'
import { rest } from '../../engine/support/time.ts'

/** Where every framework mounts it. */
export const BASE = '/quayside'

/** A server that listens on a free port of 127.0.0.1, and answers `ours` at /ours itself. */
export type Mount = (dashboard: Dashboard) => Server | Promise<Server>

/** An app with jobs, whose dashboard is mounted. Ends with the test. */
export async function mounted(mount: Mount, options: DashboardOptions = {}) {
  const here = pier()
  const server = await mount(dashboard(here.app, { basePath: BASE, ...options }))
  if (!server.listening) await once(server, 'listening')
  onTestFinished(() => close(server))
  const origin = originOf(server)
  const push = (count: number) =>
    here.job('Load', { queue: 'cargo' }).performBulk(Array.from({ length: count }, () => [1]))
  /** A form, as a page of the dashboard sends it. */
  const post = (path: string, fields: Iterable<[string, string]> = [], headers: Record<string, string> = {}) =>
    fetch(origin + BASE + path, {
      method: 'POST',
      headers: { origin, ...headers },
      body: new URLSearchParams([...fields]),
      redirect: 'manual',
    })
  return { ...here, server, origin, push, post }
}

export const originOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

export function close(server: Server & { closeAllConnections?(): void }): void {
  server.close()
  server.closeAllConnections?.()
}

/** A request as it stands: `fetch` would not send every host and path. */
async function raw(origin: string, path: string, options: RequestOptions = {}): Promise<IncomingMessage> {
  const sent = httpRequest(origin, { path, ...options }).end()
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  answer.resume()
  return answer
}

/** What holds wherever the dashboard is mounted. */
export function mountTests(framework: string, mount: Mount): void {
  describe(framework, () => {
    test('shows pages whose addresses are below the base, and leaves the rest to the server', async () => {
      const { origin } = await mounted(mount)
      for (const path of ['', '/', '/queues', '/queues?page=1', '/busy']) {
        const page = await fetch(origin + BASE + path)
        expect([path, page.status, page.headers.get('content-type')]).toEqual([path, 200, 'text/html; charset=utf-8'])
        const addresses = [...(await page.text()).matchAll(/ (?:href|action|src)="(\/[^"]*)"/g)].map(([, to]) => to)
        expect(addresses.length).toBeGreaterThan(5)
        expect(addresses.filter((to) => to !== BASE && !to?.startsWith(`${BASE}/`))).toEqual([])
      }
      const nowhere = await fetch(`${origin + BASE}/nowhere`)
      expect([nowhere.status, await nowhere.text()]).toEqual([404, expect.stringContaining(`href="${BASE}`)])
      expect(await (await fetch(`${origin}/ours`)).text()).toBe('ours')
    })

    test('sends the files of the pages', async () => {
      const { origin } = await mounted(mount)
      const page = await (await fetch(origin + BASE)).text()
      const [, sheet] = /<link rel="stylesheet" href="([^"]+)"/.exec(page) ?? []
      const answer = await fetch(origin + sheet)
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8'])
      expect(answer.headers.get('cache-control')).toContain('immutable')
      expect((await answer.text()).length).toBeGreaterThan(1_000)
    })

    test('takes forms, with many fields of one name', async () => {
      const { app, origin, push, post } = await mounted(mount)
      await push(25)
      const page = await (await fetch(`${origin + BASE}/queues/cargo`)).text()
      const ids = [...page.matchAll(/name="job" value="([^"]+)"/g)].map(([, id]) => id ?? '')
      expect(ids).toHaveLength(25)
      const answer = await post('/queues/cargo/delete', [
        ...ids.map((id) => ['job', id] as [string, string]),
        ['sure', 'yes'],
      ])
      expect(answer.status).toBe(303)
      expect(answer.headers.get('location')).toMatch(new RegExp(`^${BASE}/queues/cargo\\?.*count=25`))
      expect(await app.queue('cargo').size()).toBe(0)
    })

    test('sends cookies one by one', async () => {
      const { post } = await mounted(mount)
      const answer = await post('/preferences', [
        ['language', 'en'],
        ['theme', 'dark'],
      ])
      expect(answer.headers.getSetCookie()).toHaveLength(2)
    })

    test('answers HEAD like GET, without a body', async () => {
      const { origin } = await mounted(mount)
      const [head, get] = await Promise.all(
        ['HEAD', 'GET'].map((method) => fetch(`${origin + BASE}/queues`, { method })),
      )
      expect([head?.status, await head?.text()]).toEqual([200, ''])
      for (const name of ['content-type', 'content-security-policy', 'cache-control']) {
        expect([name, head?.headers.get(name)]).toEqual([name, get?.headers.get(name)])
      }
    })

    test('refuses other methods, other origins, and forms that are too long', async () => {
      const { origin, app, post } = await mounted(mount)
      const put = await fetch(`${origin + BASE}/queues`, { method: 'PUT' })
      expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
      expect((await post('/queues/x/pause', [], { origin: 'https://evil.example' })).status).toBe(403)
      const long = await post('/queues/x/pause', [['more', 'x'.repeat(2_000_000)]]).then(
        ({ status }) => status,
        // The answer may come before all is sent, and the connection go with it.
        () => 413,
      )
      expect(long).toBe(413)
      expect(await app.queue('x').isPaused()).toBe(false)
      expect((await fetch(origin + BASE)).status).toBe(200)
    })

    test('opens to this machine only: what a header says of it is not believed', async () => {
      const { origin } = await mounted(mount)
      const statusOf = async (headers: Record<string, string>) => (await raw(origin, BASE, { headers })).statusCode
      expect(await statusOf({ host: 'localhost' })).toBe(200)
      expect(await statusOf({ host: 'jobs.example.com' })).toBe(403)
      expect(await statusOf({ host: 'localhost', 'x-forwarded-for': '127.0.0.1' })).toBe(403)
      expect(await statusOf({ host: 'localhost', forwarded: 'for=127.0.0.1' })).toBe(403)
    })

    test('whoever goes away in the middle of a form stops nobody else', async () => {
      const { server, origin, app, lines } = await mounted(mount)
      const headers = { origin, 'content-type': 'application/x-www-form-urlencoded', 'content-length': '1000' }
      const sent = httpRequest(`${origin + BASE}/queues/x/pause`, { method: 'POST', headers })
      sent.on('error', () => {})
      sent.write('part=')
      const [incoming] = await once(server, 'request')
      const gone = new Promise((resolve) => incoming.once('error', () => {}).once('close', resolve))
      sent.destroy()
      await gone
      await rest()
      expect((await fetch(origin + BASE)).status).toBe(200)
      expect(await app.queue('x').isPaused()).toBe(false)
      expect(lines.filter(([level]) => level === 'error')).toEqual([])
    })
  })
}
