import { documentOf, find, type Page } from './page.ts'

/** A page of something that goes on is brought up to date until it is over; its buttons stay where they are. */
export function followProgress(page: Page): void {
  const body = find(page.root, 'body')
  const seconds = Number(body?.dataset.refresh)
  if (!body || !(seconds > 0)) return
  const cancel = page.clock.after(seconds * 1_000, async () => {
    if (!document.hidden) await takeOver(page, body).catch(() => {})
    if (!page.signal.aborted) followProgress(page)
  })
  page.signal.addEventListener('abort', cancel)
}

async function takeOver(page: Page, body: HTMLElement): Promise<void> {
  const other = documentOf(await page.ask(page.address()))
  const main = find(page.root, 'main')
  const children = [...(find(other, 'main')?.children ?? [])]
  if (!main || page.signal.aborted) return
  body.dataset.refresh = other.body.dataset.refresh ?? ''
  const isSameShape = children.length === main.children.length
  for (const [index, child] of [...main.children].entries()) {
    const its = children[index]
    if (isSameShape && its && child.id !== 'status' && child.outerHTML !== its.outerHTML) child.replaceWith(its)
  }
  if (!isSameShape) main.replaceChildren(...children)
  page.dress(main)
}
