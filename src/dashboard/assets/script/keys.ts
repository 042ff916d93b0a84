import { toolsOf } from './live.ts'
import { find, findAll, make, type Page } from './page.ts'

const TYPING = 'input:not([type=checkbox]), textarea, select, [contenteditable], dialog *'

/** Single keys, for those who know them; they do nothing while somebody types, or holds a modifier. */
export function listenToKeys(page: Page): void {
  const { root, signal } = page
  const actions: Readonly<Record<string, () => void>> = {
    '/': () => find(root, 'main input[type=search]')?.focus(),
    j: () => step(root, 1),
    k: () => step(root, -1),
    x: () => find(root, 'tr:focus-within input[name=job]')?.click(),
    p: () => find(root, '.live')?.click(),
    '?': () => help(page),
  }
  const target: EventTarget = root
  target.addEventListener(
    'keydown',
    (event) => {
      const { key, ctrlKey, metaKey, altKey, isComposing, target } = event as KeyboardEvent
      const action = actions[key]
      if (!action || ctrlKey || metaKey || altKey || isComposing) return
      if (target instanceof Element && target.matches(TYPING)) return
      event.preventDefault()
      action()
    },
    { signal },
  )
  toolsOf(page)?.append(
    make(
      'button',
      { type: 'button', onclick: () => help(page) },
      page.words.say('page_keys'),
      ' ',
      make('kbd', {}, '?'),
    ),
  )
}

/** To the next row, or the one before: what is focused is its link, so that Enter follows it. */
function step(root: Document | ShadowRoot, by: 1 | -1): void {
  const rows = findAll(root, 'main tr[data-key]:not(.gone)')
  const current = rows.findIndex((row) => row.matches(':focus-within'))
  const row = rows[current < 0 ? (by > 0 ? 0 : rows.length - 1) : current + by]
  if (row) find(row, 'a, input, button')?.focus()
}

const KEYS = [
  ['/', 'page_key_search'],
  ['j', 'page_key_next'],
  ['k', 'page_key_previous'],
  ['x', 'page_key_select'],
  ['p', 'page_key_pause'],
  ['?', 'page_key_help'],
] as const

function help({ root, words }: Page): void {
  const rows = KEYS.flatMap(([key, word]) => [make('dt', {}, make('kbd', {}, key)), make('dd', {}, words.say(word))])
  const close = make('button', { type: 'button', onclick: () => dialog.close() }, words.say('page_close'))
  const title = make('h2', { id: 'keys' }, words.say('page_keys'))
  const dialog: HTMLDialogElement = make('dialog', {}, title, make('dl', { className: 'keys' }, ...rows), close)
  dialog.setAttribute('aria-labelledby', 'keys')
  dialog.onclose = () => dialog.remove()
  find(root, 'body')?.append(dialog)
  dialog.showModal()
}
