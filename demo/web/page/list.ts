/** Makes an element with text and children in it, never with markup: what people write is only text. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...children)
  return made
}

/**
 * Shows items in a list. One that is there already keeps its element as long as it looks the same: a button keeps the
 * focus, and does not vanish from under a finger.
 */
export function showList<Item>(
  list: HTMLElement,
  items: readonly Item[],
  keyOf: (item: Item) => string,
  show: (item: Item) => HTMLElement,
  whenEmpty: string,
): void {
  const known = new Map([...list.children].map((child) => [(child as HTMLElement).dataset.key, child]))
  const rows = items.map((item) => {
    const made = show(item)
    made.dataset.key = keyOf(item)
    const before = known.get(keyOf(item))
    return before?.isEqualNode(made) ? before : made
  })
  const next = rows.length > 0 ? rows : [element('li', { class: 'none' }, whenEmpty)]
  if (next.length === list.children.length && next.every((row, at) => row === list.children[at])) return
  list.replaceChildren(...next)
}
