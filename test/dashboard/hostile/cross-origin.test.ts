import { expect, test } from 'vitest'
import type { AuditEvent } from '../../../src/dashboard/index.ts'
import { routes } from '../../../src/dashboard/routes.ts'
import type { Storage } from '../../../src/storage.ts'
import { chromiumOn } from '../chromium.ts'
import { harbour } from '../harbour.ts'

const WRITES: readonly (keyof Storage)[] = [
  ...(['push', 'signal', 'cancel', 'move', 'remove', 'clear', 'pause', 'wipe', 'writeDocument'] as const),
]

const unsafe = routes.filter(({ method }) => method === 'POST').map(({ path }) => path)

/** A dashboard that lets in everybody who gets there: a network that is trusted, or a cookie that comes along. */
async function watched() {
  const asked: string[] = []
  const cookies: string[] = []
  const done: AuditEvent[] = []
  const here = await harbour({
    authorize: (request) => {
      const { pathname } = new URL(request.url)
      asked.push(`${request.method} ${pathname}`)
      cookies.push(request.headers.get('cookie') ?? '')
      return 'all'
    },
    audit: (event) => done.push(event),
  })
  const { page } = await chromiumOn(here.handler)
  await page.goto('/')
  await page.goto('/retries')
  const job = (await page.getAttribute('table.jobs tbody input', 'value')) ?? ''
  // What it takes to do something on each of the routes.
  const form = {
    ...{ id: job, job, jid: 'none', worker: here.worker.id, name: 'x' },
    ...{ sure: 'yes', signal: 'quiet', amount: '1', unit: 'h' },
  }
  const paths = unsafe.map((path) => path.replace(':id', 'a'.repeat(24)).replace(':name', 'mail'))
  const writes = () => here.tap.calls.filter((call) => WRITES.includes(call)).length
  asked.length = 0
  return { ...here, page, asked, cookies, done, form, paths, writes, origin: new URL(page.url()).origin }
}

const evil = async (): Promise<Response> =>
  new Response('<!doctype html><title>Win a ship</title>', { headers: { 'content-type': 'text/html' } })

interface Raid {
  readonly origin: string
  readonly paths: readonly string[]
  readonly form: Readonly<Record<string, string>>
}

/** All ways in which a page can send a request that no server has to allow first. Run in the page of the attacker. */
async function raid({ origin, paths, form }: Raid): Promise<number> {
  let sent = 0
  const finished: Promise<unknown>[] = []
  const loading = (element: HTMLElement) => {
    sent++
    finished.push(
      new Promise((resolve) => {
        element.addEventListener('load', resolve)
        element.addEventListener('error', resolve)
      }),
    )
    document.body.append(element)
  }
  const asking = (address: string, request: RequestInit) => {
    sent++
    finished.push(fetch(address, request).catch(() => {}))
  }
  for (const path of paths) {
    const address = origin + path
    const query = `${address}?${new URLSearchParams(form)}`
    for (const enctype of ['application/x-www-form-urlencoded', 'text/plain']) {
      const target = `frame${sent}`
      const made = Object.assign(document.createElement('form'), { action: address, method: 'post', enctype, target })
      for (const [name, value] of Object.entries(form))
        made.append(Object.assign(document.createElement('input'), { name, value }))
      document.body.append(made)
      loading(Object.assign(document.createElement('iframe'), { name: target }))
      made.submit()
    }
    for (const credentials of ['include', 'omit'] as const)
      asking(address, { method: 'POST', mode: 'no-cors', credentials, body: new URLSearchParams(form) })
    asking(address, { method: 'POST', credentials: 'include', body: new URLSearchParams(form) })
    sent++
    navigator.sendBeacon(address, new URLSearchParams(form))
    loading(Object.assign(document.createElement('img'), { src: query }))
  }
  await Promise.all(finished)
  return sent
}

/** Where a page of somebody else can come from: beside us on this machine, and from another site. */
const FROM = [
  ['another port', (address: URL) => address.href],
  ['another site', (address: URL) => address.href.replace('127.0.0.1', 'localhost')],
] as const

test.each(FROM)('a page of %s changes nothing', async (name, addressOf) => {
  const { asked, cookies, done, form, origin, page: ours, paths, writes } = await watched()
  const { page } = await chromiumOn(evil)
  await page.context().addCookies([{ name: 'session', value: 'ada', url: origin, sameSite: 'Lax' }])
  await page.goto('/')
  await page.goto(addressOf(new URL(page.url())))
  const before = writes()
  const sent = await page.evaluate(raid, { origin, paths, form })
  // A beacon has no answer to wait for.
  await expect.poll(() => asked.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(sent)
  for (const path of paths) expect([path, asked.includes(`POST ${path}`)]).toEqual([path, true])
  expect(cookies.includes('session=ada')).toBe(name === 'another port')
  expect([done, writes() - before]).toEqual([[], 0])
  await ours.goto('/queues/mail')
  expect(await ours.locator('table.jobs tbody tr').count()).toBe(1)
})

test('the same forms do what they say when a page of ours sends them', async () => {
  const { done, form, page, paths } = await watched()
  await page.evaluate(post, { paths, form })
  const actions = new Set(done.map(({ action }) => action))
  const ofSets = ['copied', 'deleted', 'killed', 'rescheduled', 'retried']
  const periodic = ['pausedPeriodic', 'ran', 'resumedPeriodic']
  const others = ['cancelled', 'cleared', 'paused', 'resumed', 'signalled']
  expect([...actions].sort()).toEqual([...ofSets, ...periodic, ...others].sort())
})

/** Run in a page of ours. What needs its job comes before what takes it away. */
async function post({ paths, form }: Omit<Raid, 'origin'>): Promise<void> {
  const rank = (path: string) => (path.endsWith('/copy') ? 0 : path.endsWith('/reschedule') ? 1 : 2)
  for (const path of paths.toSorted((a, b) => rank(a) - rank(b)))
    await fetch(path, { method: 'POST', body: new URLSearchParams(form) })
}
