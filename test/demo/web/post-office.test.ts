import { expect, onTestFinished, test } from 'vitest'
import { type Served, serve } from '../../../demo/web/serve.ts'

const CARD = { jid: 'j1', tab: 'amber', to: 'Ada', text: 'Hello', refusals: 0 }

async function opened(): Promise<Served> {
  const served = await serve(0)
  onTestFinished(() => served.close())
  return served
}

function hand(served: Served, card: object): Promise<Response> {
  return fetch(new URL('post/cards', served.url), { method: 'POST', body: JSON.stringify(card) })
}

async function view(served: Served, path = 'post', method = 'GET'): Promise<unknown> {
  return (await fetch(new URL(path, served.url), { method })).json()
}

test('takes a postcard once, however often it is handed in', async () => {
  const served = await opened()
  for (const tab of ['amber', 'teal']) expect((await hand(served, { ...CARD, tab })).status).toBe(200)
  expect(await view(served)).toMatchObject({ count: 1, delivered: [{ jid: 'j1', tab: 'amber', again: 1 }] })
})

test('refuses one as often as it says', async () => {
  const served = await opened()
  const card = { ...CARD, refusals: 2 }
  const statuses = []
  for (let attempt = 0; attempt < 3; attempt++) statuses.push((await hand(served, card)).status)
  expect(statuses).toEqual([503, 503, 200])
})

test('hangs up while the network is cut, and tells so to whoever asks', async () => {
  const served = await opened()
  expect(await view(served, 'post/cut', 'POST')).toMatchObject({ isCut: true })
  await expect(hand(served, CARD)).rejects.toThrow(TypeError)
  expect(await view(served)).toMatchObject({ isCut: true, count: 0 })
  await view(served, 'post/mend', 'POST')
  expect((await hand(served, CARD)).status).toBe(200)
})

test('serves the page', async () => {
  const served = await opened()
  const page = await fetch(served.url)
  expect(page.headers.get('content-type')).toMatch('text/html')
  expect(await page.text()).toMatch('<title>Postcards')
  expect((await fetch(new URL('main.ts', served.url))).headers.get('content-type')).toMatch('javascript')
})
