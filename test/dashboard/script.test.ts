import { expect, test } from 'vitest'
import { chromiumOn, comeBack } from './chromium.ts'
import { visiting } from './visiting.ts'

/** A queue of three jobs, and a window on a dashboard with all of its script. */
async function looking(path: string, options: Parameters<typeof chromiumOn>[1] = {}) {
  const here = visiting()
  const Work = here.job('Work', { queue: 'mail' })
  for (const word of ['a', 'b', 'c']) await Work.performAsync(word)
  const { page, complaints } = await chromiumOn(here.handler, options)
  await page.goto(path)
  const polls: string[] = []
  page.on('request', (request) => {
    if (request.url().includes('/live.json')) polls.push(request.url())
  })
  return { ...here, Work, page, polls, complaints }
}

test('numbers follow, and new rows wait behind a button: nothing moves', async () => {
  const { page, Work } = await looking('/queues/mail')
  const before = await page.locator('tbody tr').first().boundingBox()
  await Work.performAsync('d')
  await comeBack(page)
  await page.getByRole('button', { name: 'Show 1 new row' }).waitFor()
  expect(await page.locator('nav [data-live=enqueued]').textContent()).toBe('4')
  expect(await page.locator('tbody tr').count()).toBe(3)
  expect(await page.locator('tbody tr').first().boundingBox()).toEqual(before)

  await page.getByRole('button', { name: 'Show 1 new row' }).click()
  await expect.poll(() => page.locator('tbody tr').count()).toBe(4)
})

test('rows that are gone fade, and can be clicked no more', async () => {
  const { page, app } = await looking('/queues/mail')
  const { jobs } = await app.queue('mail').page({ limit: 1 })
  await app.queue('mail').delete(jobs[0] ?? '')
  await comeBack(page)
  await page.locator('tr.gone').waitFor()
  expect(await page.locator('tbody tr').count()).toBe(3)
  expect(await page.locator('tr.gone').evaluate((row) => (row as HTMLElement).inert)).toBe(true)
})

test('asks for nothing while it is paused, also on the next page', async () => {
  const { page, polls, Work } = await looking('/queues/mail')
  await page.getByRole('button', { name: 'Pause live numbers' }).click()
  await page.click('nav a[href="/queues"]')
  await page.waitForSelector('table.queues')
  const before = polls.length
  await Work.performAsync('d')
  await comeBack(page)
  // What would be asked for now has been asked for when the page answers this.
  await page.evaluate(() => fetch('/live.json?mine').then((answer) => answer.text()))
  expect(polls.slice(before)).toEqual([expect.stringContaining('mine')])

  await page.getByRole('button', { name: 'Pause live numbers' }).click()
  await expect.poll(() => page.locator('td[data-live="queue:mail:size"]').textContent()).toBe('4')
})

test('asks for nothing while the tab is hidden', async () => {
  const { page, polls } = await looking('/')
  await page.evaluate(() => Object.defineProperty(document, 'hidden', { value: true }))
  await comeBack(page)
  await page.evaluate(() => fetch('/live.json?mine').then((answer) => answer.text()))
  expect(polls).toEqual([expect.stringContaining('mine')])
})

test('says once that the dashboard is away, and that it is back', async () => {
  const { page } = await looking('/')
  await page.route('**/live.json', (route) => route.abort())
  await comeBack(page)
  await page.getByText('The dashboard cannot be reached at the moment.').waitFor()
  await page.unroute('**/live.json')
  await comeBack(page)
  await page.getByText('The dashboard can be reached again.').waitFor()
})

test('selects all, tells how many in the dialog, and deletes only after a yes', async () => {
  const { page, app, complaints } = await looking('/queues/mail')
  expect(await page.getByRole('button', { name: 'Delete selected' }).isDisabled()).toBe(true)
  await page.getByLabel('Select all of this page').check()
  await page.getByRole('button', { name: 'Delete selected (3)' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('3 jobs will be deleted for good.').waitFor()
  // What has the focus first is what does no harm.
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  expect(await app.queue('mail').size()).toBe(3)

  await page.getByRole('button', { name: 'Delete selected (3)' }).click()
  await dialog.getByRole('button', { name: 'Delete selected' }).click()
  await page.getByText('3 jobs were deleted.').waitFor()
  expect(await app.queue('mail').size()).toBe(0)
  expect(page.url()).not.toContain('done')
  expect(complaints).toEqual([])
})

test('ticks a range by shift', async () => {
  const { page } = await looking('/queues/mail')
  const boxes = page.locator('td input[name=job]')
  await boxes.first().click()
  await boxes.last().click({ modifiers: ['Shift'] })
  await page.getByRole('button', { name: 'Delete selected (3)' }).waitFor()
})

test('sends a form once, however often somebody clicks', async () => {
  const { page, app } = await looking('/queues')
  const posts: string[] = []
  page.on('request', (request) => void (request.method() === 'POST' && posts.push(request.url())))
  await page.getByRole('button', { name: 'Pause', exact: true }).dblclick()
  await page.getByText('1 queue is paused.').waitFor()
  expect(posts).toHaveLength(1)
  expect((await app.queues())[0]?.paused).toBe(true)
})

test('keys go through the rows and select; while somebody types they are letters', async () => {
  const { page } = await looking('/queues/mail')
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  const boxes = page.locator('td input[name=job]')
  expect(await boxes.evaluateAll((all) => all.map((box) => (box as HTMLInputElement).checked))).toEqual([
    false,
    true,
    false,
  ])
  await page.keyboard.press('/')
  await page.keyboard.type('jx?')
  expect(await page.getByLabel('Search').inputValue()).toBe('jx?')
  expect(await page.getByRole('dialog').count()).toBe(0)
})

test('a theme holds at once, and on the next page', async () => {
  const { page } = await looking('/')
  await page.getByLabel('Theme').selectOption('dark')
  await page.waitForFunction(() => document.cookie.includes('quayside_theme=dark'))
  await page.click('nav a[href="/queues"]')
  await page.waitForSelector('table.queues')
  expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
  expect(await page.evaluate(() => getComputedStyle(document.body).colorScheme)).toBe('dark')
})

test('times are in the zone of the reader', async () => {
  const { page } = await looking('/queues/mail', { timezoneId: 'Asia/Tokyo' })
  expect(await page.locator('tbody time').first().getAttribute('title')).toMatch(/GMT\+9|Japan/)
})

test('a chart is read by the arrow keys', async () => {
  const { page } = await looking('/?days=7')
  const reader = page.getByRole('slider', { name: 'History' })
  const today = await reader.getAttribute('aria-valuetext')
  expect(today).toMatch(/Processed 0 · Failed 0$/)
  await reader.press('ArrowLeft')
  expect(await reader.getAttribute('aria-valuetext')).not.toBe(today)
  expect(await reader.getAttribute('aria-valuenow')).toBe('5')
})

test('follows a bulk action until it is over, and leaves its button alone', async () => {
  const { page, app, job, clock } = await looking('/queues')
  await job('Work', { queue: 'mail' }).performBulk(Array.from({ length: 1_200 }, () => []))
  await page.goto('/queues/mail')
  const breathe = clock.breathe.bind(clock)
  let go = () => {}
  clock.breathe = (run) => {
    go = () => breathe(run)
  }
  await page.getByRole('button', { name: 'Delete all' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete all' }).click()
  await page.getByText('500 jobs were deleted.').waitFor()
  const button = await page.getByRole('button', { name: 'Stop here' }).elementHandle()
  go()
  await page.getByText('1,000 jobs were deleted.').waitFor()
  expect(await button?.evaluate(({ isConnected }) => isConnected)).toBe(true)
  clock.breathe = breathe
  go()
  await page.getByText('This is done.').waitFor()
  expect(await app.queue('mail').size()).toBe(0)
})

test('works without script: every page and question is a page', async () => {
  const { page, app } = await looking('/queues/mail', { javaScriptEnabled: false })
  await page.getByRole('button', { name: 'Delete all' }).click()
  await page.getByText('3 jobs will be deleted for good.').waitFor()
  await page.getByRole('button', { name: 'Delete all' }).click()
  await page.getByText('3 jobs were deleted.').waitFor()
  expect(await app.queue('mail').size()).toBe(0)
})
