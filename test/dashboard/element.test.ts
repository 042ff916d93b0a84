// @vitest-environment happy-dom
// @vitest-environment-options { "settings": { "handleDisabledFileLoadingAsSuccess": true } }

import { Quayside } from 'quayside'
import { dashboard } from 'quayside/dashboard'
import { defineDashboardElement } from 'quayside/dashboard/element'
import { memoryStorage } from 'quayside/memory'
import { expect, onTestFinished, test, vi } from 'vitest'

/** A page with a component that shows an app, whose first page is there. */
async function shown({ hash }: { hash?: string } = {}) {
  defineDashboardElement()
  const app = new Quayside({ storage: memoryStorage(), logger: false })
  const element = document.createElement('quayside-dashboard')
  if (hash !== undefined) {
    element.toggleAttribute('hash', true)
    location.hash = hash
  }
  element.app = app
  document.body.append(element)
  onTestFinished(async () => {
    element.remove()
    history.replaceState(null, '', '#')
    await app.close()
  })
  const find = (selector: string) => element.shadowRoot?.querySelector<HTMLElement>(selector)
  const title = (wanted: string) => vi.waitUntil(() => find('h1')?.textContent === wanted)
  await vi.waitUntil(() => find('h1'))
  return { app, element, find, title }
}

test('shows the first page in its shadow root, with its sheet adopted and nothing of the head', async () => {
  const { element, find } = await shown()
  expect(find('h1')?.textContent).toBe('Overview')
  expect(find('link, script, title')).toBeNull()
  expect(element.shadowRoot?.adoptedStyleSheets).toHaveLength(1)
})

test('follows links, and goes back and forward', async () => {
  const { element, find, title } = await shown()
  find('nav a[href="/dead"]')?.click()
  await title('Dead')
  expect(find('nav [aria-current]')?.textContent).toContain('Dead')
  await element.back()
  expect(find('h1')?.textContent).toBe('Overview')
  await element.forward()
  expect(find('h1')?.textContent).toBe('Dead')
  expect(location.hash).toBe('')
})

test('sends a search as an address', async () => {
  const { app, element, find } = await shown()
  await app.job('Wanted').performAsync('x')
  await app.job('Other').performAsync('y')
  await element.visit('/queues/default')
  const field = find('.filter [name=class]') as HTMLInputElement
  field.value = 'Wanted'
  field.form?.requestSubmit()
  await vi.waitUntil(() => find('.total')?.textContent === '1 job found')
  expect(find('tbody th')?.textContent).toBe('Wanted')
})

test('asks in a dialog before it deletes, and tells what was done', async () => {
  const { app, element, find } = await shown()
  const Work = app.job('Work')
  for (const word of ['a', 'b', 'c']) await Work.performAsync(word)
  await element.visit('/queues/default')
  find('thead input')?.click()
  find('.list button.delete[value=selected]')?.click()
  await vi.waitUntil(() => find('dialog'))
  expect(find('dialog p')?.textContent).toBe('3 jobs will be deleted for good.')
  expect(await app.queue('default').size()).toBe(3)

  find('dialog button.delete')?.click()
  await vi.waitUntil(() => find('#status')?.textContent === '3 jobs were deleted.')
  expect(await app.queue('default').size()).toBe(0)
})

test('with the attribute hash, is where the address of the page says', async () => {
  const { find, title } = await shown({ hash: '#/queues' })
  expect(find('h1')?.textContent).toBe('Queues')
  find('nav a[href="/retries"]')?.click()
  await title('Retries')
  expect(location.hash).toBe('#/retries')
})

test('keeps a choice of theme, without cookies', async () => {
  const { find, title } = await shown()
  const theme = find('[name=theme]') as HTMLSelectElement
  theme.value = 'dark'
  theme.dispatchEvent(new Event('change', { bubbles: true }))
  await vi.waitUntil(() => find('nav a')?.getAttribute('href') === '/?theme=dark')
  find('nav a[href="/busy?theme=dark"]')?.click()
  await title('Busy')
  expect(find('html')?.dataset.theme).toBe('dark')
})

test('shows a handler of your own making', async () => {
  defineDashboardElement()
  const app = new Quayside({ storage: memoryStorage(), logger: false })
  await app.job('Work').performAsync()
  const element = document.createElement('quayside-dashboard')
  element.handler = dashboard(app, { basePath: '/jobs', authorize: () => 'read-only' })
  document.body.append(element)
  onTestFinished(() => app.close())
  onTestFinished(() => element.remove())
  const find = (selector: string) => element.shadowRoot?.querySelector<HTMLElement>(selector)
  await vi.waitUntil(() => find('h1'))
  find('nav a[href="/jobs/queues"]')?.click()
  await vi.waitUntil(() => find('table.queues'))
  expect(find('table.queues button')).toBeNull()
})

test('asks for nothing any more once it is removed', async () => {
  const { element } = await shown()
  const { element: other } = await shown()
  const listening = (to: typeof element) => {
    const asked: string[] = []
    to.handler = async ({ url }) => {
      asked.push(new URL(url).pathname)
      return new Response('<body data-live-from="/live.json"><main><h1>Mine</h1></main></body>')
    }
    return asked
  }
  const asked = listening(element)
  const askedOther = listening(other)
  const isShown = (on: typeof element) => on.shadowRoot?.querySelector('h1')?.textContent === 'Mine'
  await vi.waitUntil(() => isShown(element) && isShown(other))
  element.remove()
  document.dispatchEvent(new Event('visibilitychange'))
  await vi.waitUntil(() => askedOther.length === 2)
  expect(askedOther).toEqual(['/', '/live.json'])
  expect(asked).toEqual(['/'])
})
