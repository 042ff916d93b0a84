import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import type { Dashboard } from '../../../src/dashboard/index.ts'
import { chromiumOn, comeBack } from '../chromium.ts'
import { jobOf, laden } from './laden.ts'
import { payloads } from './payloads.ts'
import { countRuns } from './runs.ts'

/** As many as each list shows on one page. */
const AT_ONCE = 20

const LOADS = [0, 1, 2].map((load) => payloads.slice(load * AT_ONCE, (load + 1) * AT_ONCE))

/** Pages that show every payload. */
const LISTS = [
  ...['/', '/busy', '/queues/hold', '/queues/strays', '/retries', '/scheduled', '/dead', '/failures', '/metrics'],
  ...['/periodic', '/metrics/charted'],
]

const POLICY = 'content-security-policy'

/** Lets pages be framed, many of them in one. Of their policy the rest stays, or nothing. */
const served =
  (handler: Dashboard, isBare: boolean): Dashboard =>
  async (request, caller) => {
    if (new URL(request.url).pathname === FRAMES) return new Response('', { headers: { 'content-type': 'text/html' } })
    const { body, status, headers } = await handler(request, caller)
    const fewer = new Headers(headers)
    fewer.delete('x-frame-options')
    if (isBare) fewer.delete(POLICY)
    else fewer.set(POLICY, headers.get(POLICY)?.replace("; frame-ancestors 'none'", '') ?? '')
    return new Response(body, { status, headers: fewer })
  }

const FRAMES = '/frames'

test.each(
  LOADS.flatMap((load, index) => [
    { load, isBare: false, name: `load ${index}, with its policy` },
    { load, isBare: true, name: `load ${index}, without` },
  ]),
)('no payload runs on any page ($name)', async ({ load, isBare }) => {
  const texts = load.map(({ text }) => text)
  const here = await laden(texts)
  const { page, complaints } = await chromiumOn(served(here.handler, isBare))
  const runs = await countRuns(page)
  const numbers = load.map(({ number }) => number)
  for (const path of LISTS) {
    await page.goto(path)
    expect([path, await page.evaluate(missingFrom, numbers)]).toEqual([path, []])
    expect([path, await page.evaluate(strangers)]).toEqual([path, []])
  }
  const links = (await here.see('/retries')).querySelectorAll('table.jobs th a')
  const jobs = [...links].map((link) => link.getAttribute('href') as string)
  expect(jobs).toHaveLength(texts.length)
  const paths = ['/queues', '/queues?page=2', ...jobs, ...texts.flatMap(reflected)]
  expect(await strangersIn(page, paths)).toEqual([])
  expect(runs).toEqual({ scripts: [], requests: [] })
  expect(complaints).toEqual([])
})

test.each([
  ['with its policy', false],
  ['without', true],
] as const)('no payload runs where the script of a page puts it in (%s)', async (_, isBare) => {
  const { handler, inner } = await laden(payloads.slice(0, 3).map(({ text }) => text))
  const { page, complaints } = await chromiumOn(served(handler, isBare))
  const runs = await countRuns(page)
  const all = payloads.map(({ text }) => text)
  await page.goto('/scheduled')
  const storage = await inner()
  const jobs = all.map((text, index) => {
    return { jid: `new${index}`, queue: 'later', text: jobOf(index, text), delayMs: 60_000 + index }
  })
  await storage.push(jobs, { client: 'new', number: 1 })
  await comeBack(page)
  await page.click('.newer button')
  await expect.poll(() => page.locator('table.jobs tbody tr').count(), { timeout: 10_000 }).toBe(25)
  expect(await page.evaluate(strangers)).toEqual([])
  // The question of the dashboard, in a dialog.
  await page.click('thead input')
  await page.click('.list button.delete[value=selected]')
  await page.waitForSelector('dialog[open]')
  expect(await page.evaluate(strangers)).toEqual([])
  await page.goto('/scheduled')
  await page.click('table.jobs th a')
  await page.fill('#copy-args', `${all.join('\n')}`)
  await page.click('section[aria-labelledby=copy] button')
  await page.waitForSelector('.warning[role=alert]')
  expect(await page.evaluate(strangers)).toEqual([])
  expect(runs).toEqual({ scripts: [], requests: [] })
  expect(complaints.filter((text) => !text.includes('422'))).toEqual([])
})

/** What is on pages that should not be there. All are in frames of one page: one after the other would take long. */
async function strangersIn(page: Page, paths: readonly string[]): Promise<string[]> {
  await page.goto(FRAMES)
  await page.evaluate(async (addresses) => {
    const frames = addresses.map((src) => Object.assign(document.createElement('iframe'), { src }))
    const loaded = frames.map((frame) => new Promise((resolve) => frame.addEventListener('load', resolve)))
    document.body.replaceChildren(...frames)
    await Promise.all(loaded)
  }, paths)
  const frames = page.frames().slice(1)
  expect(frames).toHaveLength(paths.length)
  return (await Promise.all(frames.map((frame) => frame.evaluate(strangers)))).flat()
}

/** The payloads, by what each has of its own, that a page does not show. */
function missingFrom(numbers: readonly number[]): number[] {
  const shown = document.body.textContent
  return numbers.filter((number) => !new RegExp(`[(/]${number}\\b`).test(shown))
}

/** Pages that say again what their address says. */
function reflected(text: string): string[] {
  const fields = ['q', 'class', 'queue', 'error', 'tag', 'lang', 'theme', 'done', 'count', text]
  const query = new URLSearchParams(fields.map((name) => [name, text]))
  return [`/dead?${query}`, `/metrics/${encodeURIComponent(text.toWellFormed())}`]
}

/** What no page of ours has: elements and attributes that run, and addresses that lead elsewhere. Run in the page. */
function strangers(): string[] {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  if (navigation?.responseStatus !== 200) return [`${location.href}: ${navigation?.responseStatus}`]
  const foreign =
    'img, iframe, object, embed, base, video, audio, math, style, animate, x, script ~ script, body script'
  const attributes = [...document.querySelectorAll('*')].flatMap((element) => [...element.attributes])
  const active = attributes.filter(({ name, value }) => {
    if (/^on|^srcdoc$|^style$/.test(name)) return true
    return /^(?:href|src|action|formaction)$/.test(name) && new URL(value, location.href).origin !== location.origin
  })
  return [
    ...[...document.querySelectorAll(foreign)].map((element) => element.outerHTML),
    ...active.map(({ name, value }) => `${name}=${value}`),
  ]
}
