// The dashboard in a service worker of a real Chromium: it shows the jobs that a page of the same origin keeps in
// IndexedDB, without a server that knows of either.

import { once } from 'node:events'
import { createServer } from 'node:http'
import { type Browser, chromium, type Page } from 'playwright'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { find } from '../../../scripts/ready/programs.mjs'
import { bundle } from './bundle.ts'
import { close, originOf } from './mounted.ts'

const WORKER = `
  import { Quayside } from 'quayside'
  import { dashboard } from 'quayside/dashboard'
  import { indexedDBStorage } from 'quayside/indexeddb'

  const app = new Quayside({ storage: indexedDBStorage() })
  const answer = dashboard(app, { basePath: '/quayside', authorize: () => 'all' })

  addEventListener('activate', (event) => event.waitUntil(clients.claim()))
  addEventListener('fetch', (event) => {
    const { origin, pathname } = new URL(event.request.url)
    if (origin !== location.origin || !/^\\/quayside(\\/|$)/.test(pathname)) return
    event.respondWith(answer(event.request, { waitUntil: (work) => event.waitUntil(work) }))
  })
`

const PAGE = `
  import { Quayside } from 'quayside'
  import { indexedDBStorage } from 'quayside/indexeddb'

  const app = new Quayside({ storage: indexedDBStorage(), logger: false })
  const Letter = app.job('Letter', { queue: 'post', perform: () => Promise.reject(new TypeError('no such pier')) })
  window.post = (...to) => Letter.performBulk(to.map((each) => [each]))
  window.sizes = async () => [await app.queue('post').size(), await app.retries.size()]
  window.failOne = async () => {
    const worker = app.work({ queues: ['post'], concurrency: 1 })
    await new Promise((resolve) => app.on('job:retried', resolve))
    await worker.stop()
  }
  await navigator.serviceWorker.register('/worker.js', { type: 'module' })
  await navigator.serviceWorker.ready
  window.isReady = true
`

let browser: Browser
let files: Record<string, [type: string, body: string]>

beforeAll(async () => {
  const [worker, page] = await Promise.all([bundle(WORKER), bundle(PAGE)])
  files = {
    '/': ['text/html', '<!doctype html><title>Ours</title><script type="module" src="/page.js"></script>'],
    '/page.js': ['text/javascript', page],
    '/worker.js': ['text/javascript', worker],
  }
  browser = await chromium.launch({ executablePath: find('chromium') ?? '', args: ['--disable-gpu'] })
})

afterAll(() => browser?.close())

/** A page of ours whose service worker is in charge, and what the server was asked for. */
async function visiting() {
  const asked: string[] = []
  const server = createServer(({ url = '' }, response) => {
    asked.push(url)
    const [type, body] = files[url] ?? ['text/plain', 'The server has no such thing']
    response.writeHead(files[url] ? 200 : 404, { 'content-type': type }).end(body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => close(server))
  const context = await browser.newContext({ baseURL: originOf(server) })
  onTestFinished(() => context.close())
  context.setDefaultTimeout(15_000)
  const page = await context.newPage()
  await page.goto('/')
  await page.waitForFunction('window.isReady && navigator.serviceWorker.controller')
  const board = await context.newPage()
  return { asked, page, board }
}

const sizes = (page: Page) => page.evaluate('sizes()')

test('shows the jobs of a page, and deletes one', async () => {
  const { asked, page, board } = await visiting()
  await page.evaluate('post("Oslo", "Kiel")')
  const answer = await board.goto('/quayside/queues/post')
  expect([answer?.status(), answer?.fromServiceWorker()]).toEqual([200, true])
  expect(await board.locator('table.jobs tbody tr').allInnerTexts()).toEqual([
    expect.stringContaining('Oslo'),
    expect.stringContaining('Kiel'),
  ])

  await board.locator('tr', { hasText: 'Oslo' }).getByRole('checkbox').check()
  await board.locator('button.delete[value=selected]').click()
  await board.locator('dialog button.delete').click()
  await board.getByText('1 job was deleted').first().waitFor()
  expect(await sizes(page)).toEqual([1, 0])
  expect(asked.filter((path) => path.startsWith('/quayside'))).toEqual([])
})

test('retries one that has failed', async () => {
  const { page, board } = await visiting()
  await page.evaluate('post("Oslo")')
  await page.evaluate('failOne()')
  expect(await sizes(page)).toEqual([0, 1])

  await board.goto('/quayside/retries')
  await board.getByRole('link', { name: 'Letter' }).click()
  await board.getByText('no such pier').first().waitFor()
  await board.locator('button.retry').click()
  await expect.poll(() => sizes(page)).toEqual([1, 0])
})

test.for([
  ['its own origin is heard', '127.0.0.1', 0],
  ['another origin is not', 'localhost', 1],
] as const)('a form that a page of %s', async ([, host, left]) => {
  const { page, board } = await visiting()
  await page.evaluate('post("Oslo")')
  const own = new URL(page.url())
  await board.goto(`http://${host}:${own.port}/nothing-of-ours`)
  const answered = board.waitForResponse('**/queues/post/clear')
  await board.evaluate((action) => {
    document.body.innerHTML = `<form method="post" action="${action}"><input name="sure" value="yes"></form>`
    document.forms[0]?.submit()
  }, `${own.origin}/quayside/queues/post/clear`)
  expect((await answered).fromServiceWorker()).toBe(true)
  expect(await sizes(page)).toEqual([left, 0])
})
