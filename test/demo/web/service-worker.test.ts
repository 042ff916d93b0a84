import { expect, onTestFinished, test } from 'vitest'
import { serve } from '../../../demo/web/serve.ts'

test('serves a service worker in one piece, and a page that looks inside', async () => {
  const served = await serve(0)
  onTestFinished(() => served.close())
  const script = await fetch(new URL('service-worker.js', served.url))
  expect(script.headers.get('content-type')).toBe('text/javascript')
  const text = await script.text()
  expect(text).toContain('respondWith')
  // What it could not do in a browser.
  expect(text).not.toMatch(/^import |\bimport\(/m)
  expect(await (await fetch(new URL('inside.html', served.url))).text()).toContain('<quayside-dashboard hash>')
}, 30_000)
