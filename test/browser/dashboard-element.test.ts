import { Quayside } from 'quayside'
import { defineDashboardElement } from 'quayside/dashboard/element'
import { indexedDBStorage } from 'quayside/indexeddb'
import { expect, onTestFinished, test, vi } from 'vitest'

test('shows the jobs of this very browser, in its own looks, and deletes them after a yes', async () => {
  defineDashboardElement()
  const app = new Quayside({ storage: indexedDBStorage(), logger: false })
  for (const word of ['a', 'b']) await app.job('Work').performAsync(word)
  const element = document.createElement('quayside-dashboard')
  element.app = app
  document.body.append(element)
  onTestFinished(() => app.close())
  onTestFinished(() => element.remove())
  const find = (selector: string) => element.shadowRoot?.querySelector<HTMLElement>(selector)
  const findSoon = (selector: string) => vi.waitUntil(() => find(selector))

  await findSoon('h1')
  // Its sheet holds inside, and not outside.
  expect(getComputedStyle(find('header') as Element).position).toBe('sticky')
  expect(getComputedStyle(document.body).display).toBe('block')

  find('nav a[href="/queues"]')?.click()
  ;(await findSoon('table.queues a')).click()
  ;(await findSoon('thead input')).click()
  find('.list button.delete[value=selected]')?.click()
  const dialog = (await findSoon('dialog')) as HTMLDialogElement
  expect(dialog.matches(':modal')).toBe(true)
  expect(dialog.querySelector('p')?.textContent).toBe('2 jobs will be deleted for good.')
  dialog.querySelector<HTMLElement>('button.delete')?.click()
  await vi.waitUntil(() => find('#status')?.textContent === '2 jobs were deleted.')
  expect(await app.queue('default').size()).toBe(0)
})
