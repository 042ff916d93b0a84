import { expect, test } from 'vitest'
import { respond } from '../../../src/dashboard/respond.ts'
import { chromiumOn } from '../chromium.ts'
import { CONTEXTS, payloads } from './payloads.ts'
import { countRuns, numberIn, type Runs } from './runs.ts'

test('there are sixty payloads, no two the same', () => {
  expect(new Set(payloads.map(({ text }) => text)).size).toBe(60)
})

/** Every payload where it would act, put there raw: each in a frame of one page. */
const raw = async (request: Request): Promise<Response> => {
  const { pathname, search } = new URL(request.url)
  const headers = { 'content-type': 'text/html; charset=utf-8' }
  const payload = payloads[Number(pathname.slice('/raw/'.length))]
  if (!pathname.startsWith('/raw/') || !payload) {
    const frames = payloads.map(({ number }) => `<iframe src="/raw/${number}${search}"></iframe>`)
    return new Response(`<!doctype html>${frames.join('')}`, { headers })
  }
  const text = `<!doctype html>${CONTEXTS[payload.context](payload.text)}`
  if (search === '') return new Response(text, { headers })
  const policy = respond('', 200, 'text/html').headers.get('content-security-policy') as string
  return new Response(text, {
    headers: { ...headers, 'content-security-policy': policy.replace("frame-ancestors 'none'", '') },
  })
}

const acted = ({ scripts, requests }: Runs) =>
  [...new Set([...scripts, ...requests.map(numberIn)])].sort((a, b) => a - b)

test('each payload does something where nobody escapes it: what counts can count', async () => {
  const { page } = await chromiumOn(raw)
  const runs = await countRuns(page)
  await page.goto('/')
  await expect.poll(() => acted(runs), { timeout: 10_000 }).toEqual(payloads.map(({ number }) => number))
})

test('our policy alone stops every script of theirs, even where they stand raw', async () => {
  const { page, complaints } = await chromiumOn(raw)
  const runs = await countRuns(page)
  await page.goto('/?policy')
  await expect.poll(() => complaints.length, { timeout: 10_000 }).toBeGreaterThan(50)
  expect(runs.scripts).toEqual([])
})
