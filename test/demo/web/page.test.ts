// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest'
import type { Card } from '../../../demo/web/page/board.ts'
import { element, showList } from '../../../demo/web/page/list.ts'
import { showDelivered } from '../../../demo/web/page/post.ts'
import { readForm } from '../../../demo/web/page/postcard-form.ts'
import { showBoard } from '../../../demo/web/page/show-board.ts'
import { showCounts, showTabs } from '../../../demo/web/page/show-crew.ts'
import { tabName } from '../../../demo/web/page/tab-name.ts'
import type { StorageStats, WorkerState } from '../../../src/index.ts'

let list: HTMLElement
beforeEach(() => {
  document.body.replaceChildren()
  list = document.body.appendChild(document.createElement('ul'))
})

const dead: Card = { jid: 'd', to: 'Ada', text: 'Hi', state: 'dead', note: 'Closed for good.' }
const running: Card = { jid: 'r', to: 'Bob', text: '<b>', state: 'running', note: 'written by teal' }

test('a row that stays as it looks keeps its element, and its button the focus', () => {
  showBoard(list, [dead], () => {})
  const button = list.querySelector('button') as HTMLButtonElement
  button.focus()
  showBoard(list, [running, dead], () => {})
  expect(list.querySelector('button')).toBe(button)
  showBoard(list, [running, { ...dead, note: 'Closed for ever.' }], () => {})
  expect(list.querySelector('button')).not.toBe(button)
})

test('shows a dead one with a button that retries it, a running one with its progress', () => {
  const retry = vi.fn()
  showBoard(list, [{ ...running, progress: { done: 1, total: 3 } }, dead], retry)
  const [first, second] = list.children
  expect(first?.textContent).toBe('To Bob: <b>written by teal ')
  expect(first?.querySelector('progress')?.getAttribute('value')).toBe('1')
  expect(first?.querySelector('b')).toBeNull()
  const button = second?.querySelector('button')
  expect(button?.getAttribute('aria-label')).toBe('Retry the postcard to Ada')
  button?.click()
  expect(retry.mock.calls).toEqual([['d']])
})

test('an empty list says so', () => {
  showBoard(list, [], () => {})
  expect(list.textContent).toBe('Nothing is on its way.')
})

test('a list that did not change is not touched', () => {
  const show = () => showList(list, ['a', 'b'], String, (item) => element('li', {}, item), 'none')
  show()
  const replace = vi.spyOn(list, 'replaceChildren')
  show()
  expect(replace).not.toHaveBeenCalled()
})

test('tells this tab from others, and who performs from who stands by', () => {
  const worker = (name: string, standby: boolean, runs = 0) =>
    ({ worker: `${name}:0123`, standby, running: Array(runs) }) as unknown as WorkerState
  showTabs(list, [worker(tabName, true), worker('other', false, 2), worker('third', false)])
  expect([...list.children].map((child) => child.textContent)).toEqual([
    `${tabName} (this tab) stands by`,
    'other performs 2',
    'third performs',
  ])
  expect(list.querySelectorAll('.performs')).toHaveLength(2)
})

test('a tab keeps its name when it is loaded again', () => {
  expect(sessionStorage.getItem('tab')).toBe(tabName)
})

test('counts', () => {
  const stats = { enqueued: 1, running: 2, scheduled: 3, retry: 4, dead: 5 } as StorageStats
  showCounts(list, stats, 6)
  const shown = [...list.children].map((child) => child.textContent)
  expect(shown).toEqual(['waiting1', 'written2', 'put off3', 'retried4', 'dead5', 'delivered6'])
})

test('tells of postcards that were handed in twice', () => {
  const card = { jid: 'a', to: 'Ada', text: 'Hi', tab: 'teal', at: 0, again: 0 }
  showDelivered(list, { isCut: false, count: 2, delivered: [card, { ...card, jid: 'b', again: 1 }] })
  const [once, twice] = [...list.querySelectorAll('small')].map((small) => small.textContent)
  expect(once).toMatch(/^sent by teal at [^,]*$/)
  expect(twice).toMatch(/, handed in 2 times and delivered once$/)
})

test('reads the form', () => {
  const form = document.createElement('form')
  form.innerHTML =
    '<input name="to" value="Ada"><input name="text" value="Hi"><input name="seconds" value="3"><input name="refusals" value="1"><input name="wait" value="10s">'
  expect(readForm(form)).toEqual({ card: { to: 'Ada', text: 'Hi', seconds: 3, refusals: 1 }, wait: '10s' })
})
