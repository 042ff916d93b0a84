import axe from 'axe-core'
import { expect, test } from 'vitest'
import { chromiumOn } from './chromium.ts'
import { harbour } from './harbour.ts'

const PATHS = ['/', '/busy', '/queues', '/queues/mail', '/retries', '/scheduled', '/dead', '/failures', '/metrics']
const MORE = ['/metrics/Load', '/periodic', '/retries?class=Load', '/retries?q=nothing', '/nowhere']

const WINDOWS = [
  { name: 'light', colorScheme: 'light', viewport: { width: 1_280, height: 800 } },
  { name: 'dark, on a phone', colorScheme: 'dark', viewport: { width: 320, height: 640 } },
  { name: 'from right to left', locale: 'ar', viewport: { width: 320, height: 640 } },
] as const

test.each(WINDOWS)(
  'every page: axe finds nothing, nothing is cut off, the policy stops nothing ($name)',
  async ({ name: _, ...window }) => {
    const { handler, see } = await harbour()
    const { page, complaints } = await chromiumOn(handler, window)
    const job = (await see('/retries')).querySelector('tbody th a')?.getAttribute('href') as string
    for (const path of [...PATHS, ...MORE, job]) {
      await page.goto(path)
      expect([path, await violationsOn(page)]).toEqual([path, []])
      const beyond = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect([path, beyond]).toEqual([path, 0])
    }
    // A page that is not there is an error to the console.
    expect(complaints.filter((text) => !text.includes('404'))).toEqual([])
  },
)

test('the dialogs: axe finds nothing', async () => {
  const { handler } = await harbour()
  const { page } = await chromiumOn(handler)
  await page.goto('/dead')
  await page.keyboard.press('?')
  expect(await violationsOn(page)).toEqual([])
  await page.keyboard.press('Escape')
  await page.click('thead input')
  await page.click('.list button.delete[value=selected]')
  await page.waitForSelector('dialog[open]')
  expect(await violationsOn(page)).toEqual([])
})

test('the page that says how to open the dashboard: axe finds nothing', async () => {
  const { handler } = await harbour({ authorize: () => false })
  const { page } = await chromiumOn(handler)
  await page.goto('/')
  expect(await violationsOn(page)).toEqual([])
})

/** What axe objects to, with the elements. It is run from outside: the policy of the page lets no script in. */
async function violationsOn(page: Awaited<ReturnType<typeof chromiumOn>>['page']): Promise<string[]> {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ['violations'] }),
  )
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, any }) => `${id}: ${html} ${any[0]?.message ?? ''}`))
}
