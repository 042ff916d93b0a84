import { expect, test } from 'vitest'
import { markDeploy } from '../../src/dashboard/index.ts'
import { harbour } from './harbour.ts'
import { visiting } from './visiting.ts'

const PATHS = [
  '/',
  '/busy',
  '/queues',
  '/queues/mail',
  '/retries',
  '/scheduled',
  '/dead',
  '/failures',
  '/metrics',
  '/metrics/Load',
  '/periodic',
]

test('every page arrives whole, with one heading, and shows nothing raw', async () => {
  const { get, see } = await harbour()
  for (const path of PATHS) {
    const answer = await get(path)
    expect([path, answer.status]).toEqual([path, 200])
    const text = await answer.text()
    for (const raw of ['hunter2', '<ship>', '<way>', '<b>bold', 'undefined', '[object', 'NaN']) {
      expect([path, text.includes(raw) && raw]).toEqual([path, false])
    }
    const document = await see(path)
    expect(document.querySelectorAll('h1')).toHaveLength(1)
    expect(document.body.textContent).not.toMatch(/\{(?:count|total|queue|name)\}/)
    expect(document.querySelectorAll('[style], script:not([src]), [onclick]')).toHaveLength(0)
    for (const link of document.querySelectorAll('nav:first-of-type a[href]')) {
      expect((await get(link.getAttribute('href') as string)).status).toBe(200)
    }
  }
})

test('the retry set shows when, how often and why, and hides what is secret', async () => {
  const { see } = await harbour()
  const document = await see('/retries')
  const rows = [...document.querySelectorAll('table.jobs tbody tr')].map((row) => row.textContent.replace(/\s+/g, ' '))
  expect(rows).toHaveLength(2)
  expect(rows[0]).toMatch(/Load heavy.*in \d+ minutes.*1.*cargo.*TypeError no such <ship>/)
  const args = [...document.querySelectorAll('code.args')].map(({ textContent }) => textContent)
  expect(args).toContain('1, {"port": "Oslo", "password": •••}')
})

test("a job's page tells all about it", async () => {
  const { see } = await harbour()
  const list = await see('/retries?q=Oslo')
  const document = await see(list.querySelector('table.jobs th a')?.getAttribute('href') as string)
  expect(document.querySelector('h1')?.textContent).toBe('Load')
  expect(document.querySelector('pre.args')?.textContent).toBe(
    '[\n  1,\n  {\n    "port": "Oslo",\n    "password": •••\n  }\n]',
  )
  expect(document.querySelector('.error')?.textContent).toBe('TypeError no such <ship>')
  expect(document.querySelector('pre.backtrace')?.textContent).toContain('at ')
  const moments = [...document.querySelectorAll('.timeline li')].map(({ textContent }) => textContent.split(' ')[0])
  expect(moments).toEqual(['Created', 'Enqueued', 'First', 'Next'])
  expect(document.body.textContent).not.toContain('hunter2')
  // What is hidden cannot be edited.
  expect(document.querySelector('textarea')).toBeNull()
})

test('the busy page shows what runs, how far it is, and who runs it', async () => {
  const { see, worker } = await harbour()
  const document = await see('/busy')
  const running = document.querySelector('table.running tbody tr')
  expect(running?.textContent).toContain('Sail')
  expect(running?.textContent).toContain('"north"')
  expect(running?.textContent).toContain('half <way>')
  expect(running?.querySelector('progress')?.getAttribute('value')).toBe('3')
  expect(document.querySelector('table.workers tbody tr')?.textContent).toContain(worker.id)
  expect(document.querySelector('table.workers tbody tr')?.textContent).toContain('1 of 5')
})

test('failures are grouped, and lead to their jobs', async () => {
  const { see } = await harbour()
  const document = await see('/failures')
  const rows = [...document.querySelectorAll('table.failures tbody tr')]
  expect(rows.map((row) => row.querySelector('th')?.textContent)).toEqual(['Load', 'Sink'])
  const jobs = await see(rows[0]?.querySelector('a')?.getAttribute('href') as string)
  expect(jobs.querySelectorAll('table.jobs tbody tr')).toHaveLength(2)
})

test('metrics count runs and failures of each job', async () => {
  const { see } = await harbour()
  const rows = [...(await see('/metrics')).querySelectorAll('table.numbers tbody tr')]
  const counts = rows.map((row) => [...row.children].slice(0, 3).map(({ textContent }) => textContent))
  expect(counts.sort()).toEqual([
    ['Load', '2', '2'],
    ['Sink', '1', '1'],
  ])
})

test('a deploy is marked on the page of a job', async () => {
  const { see, app } = await harbour()
  await markDeploy(app, 'v1 <new>')
  const document = await see('/metrics/Load')
  expect(document.querySelector('.deploys li')?.textContent).toBe('v1 <new> now')
  const [mark] = JSON.parse(document.querySelector('[data-marks]')?.getAttribute('data-marks') as string)
  expect(mark).toMatchObject({ label: 'v1 <new>' })
})

test('queues show their size and who listens', async () => {
  const { see } = await harbour()
  const document = await see('/queues')
  const cells = (name: string) =>
    [...document.querySelectorAll(`tr[data-key="${name}"] > *`)].slice(0, 4).map(({ textContent }) => textContent)
  expect(cells('mail')).toEqual(['mail', '1', '5 sec', '0'])
  expect(cells('cargo')).toEqual(['cargo', '0', '0 ms', '1'])
  expect((await see('/queues/mail')).querySelector('code.args')?.textContent).toBe('["y"]')
})

test.each([
  ['class=Load', 2],
  ['class=Other', 0],
  ['tag=heavy', 2],
  ['tag=light', 0],
  ['queue=cargo', 2],
  ['queue=mail', 0],
  ['error=TypeError', 2],
  ['error=Error', 0],
  ['q=Oslo', 1],
  ['q=hunter2', 0],
  ['q=hunter2&class=Load', 0],
])('a list is narrowed by %s', async (query, count) => {
  const { see } = await harbour()
  expect((await see(`/retries?${query}`)).querySelectorAll('table.jobs tbody tr')).toHaveLength(count)
})

test('live.json tells the counters, as the language writes them', async () => {
  const { get } = await harbour()
  const answer = await get('/live.json')
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(await answer.json()).toMatchObject({
    texts: { retry: '2', dead: '1', scheduled: '1', enqueued: '1', running: '1', 'queue:mail:size': '1' },
    totals: { processed: 3, failed: 3 },
  })
})

test('a search that finds very many shows one page of them after the other', async () => {
  const { see, job } = visiting()
  await job('Work').performBulk(Array.from({ length: 200 }, (_, index) => [index % 5 === 0 ? 'rare' : 'o']))
  const seen: number[] = []
  for (let address = '/queues/default?q=rare'; address !== ''; ) {
    const page = await see(address)
    seen.push(page.querySelectorAll('table.jobs tbody tr').length)
    address = page.querySelector('.bound a')?.getAttribute('href') ?? ''
  }
  expect(Math.max(...seen)).toBeLessThan(40)
  expect(seen.reduce((sum, rows) => sum + rows, 0)).toBe(40)
})

test('a search goes on where it ended, and no address tells what is hidden', async () => {
  const { see, job } = visiting()
  const card = { token: 'hunter2' }
  await job('Work').performBulk(Array.from({ length: 4_000 }, (_, index) => [index === 3_500 ? 'ö' : 'o', card]))
  const first = await see('/queues/default?q=%C3%B6')
  expect(first.querySelectorAll('table.jobs tbody tr')).toHaveLength(0)
  expect(first.querySelector('.bound')?.textContent).toBe('Looked at 3,000 of 4,000 only. Look further')
  const address = first.querySelector('.bound a')?.getAttribute('href') as string
  expect(address).toMatch(/^\/queues\/default\?q=%C3%B6&from=[0-9a-f]{1,14}$/)
  expect((await see(address)).querySelectorAll('table.jobs tbody tr')).toHaveLength(1)
})
