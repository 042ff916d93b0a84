import type { Answer, Surroundings } from './surroundings.ts'
import { type Words, wordsIn } from './words.ts'

/** The page that is shown, as the parts of the script see it. */
export interface Page extends Surroundings {
  readonly words: Words
  /** Ends when the page is left. */
  readonly signal: AbortSignal
  /** Says something in the status region, for eyes and for screen readers. */
  say(text: string): void
  /** The dashboard's clock, as far as known: that of the reader may be wrong. */
  nowMs(): number
  /** Makes elements that came later as good as those that were there. */
  dress(within: ParentNode): void
}

/** How long what was said stands there. */
const SAID_MS = 10_000

/** How a part of the script makes elements better. It may be called again for the same elements. */
export type Dresser = (page: Page, within: ParentNode) => void

export function pageOf(here: Surroundings, signal: AbortSignal, dressers: readonly Dresser[]): Page {
  const { root, clock } = here
  const at = Number(find(root, 'body')?.dataset.at) || clock.now()
  const aheadMs = at - clock.now()
  let hush = () => {}
  const page: Page = {
    ...here,
    words: wordsIn(root),
    signal,
    say(text) {
      const status = find(root, '#status')
      if (!status) return
      hush()
      status.dataset.said = 'yes'
      status.textContent = text
      hush = clock.after(SAID_MS, () => status.replaceChildren())
    },
    nowMs: () => clock.now() + aheadMs,
    dress(within) {
      for (const dresser of dressers) dresser(page, within)
    },
  }
  signal.addEventListener('abort', () => hush())
  return page
}

export const find = (within: ParentNode, selector: string): HTMLElement | null => within.querySelector(selector)

export const findAll = <E extends Element = HTMLElement>(within: ParentNode, selector: string): E[] => [
  ...within.querySelectorAll<E>(selector),
]

/** The document of an answer. Nothing in it runs or loads. */
export const documentOf = ({ text }: Answer): Document => new DOMParser().parseFromString(text, 'text/html')

/** Puts the content of another page in the place of this one's. */
export function showMain(page: Page, other: Document): void {
  const main = find(page.root, 'main')
  const its = find(other, 'main')
  if (!main || !its) return
  main.replaceChildren(...its.childNodes)
  page.dress(main)
  main.focus()
}

/** An element with properties and children: texts stay texts. */
export function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Partial<HTMLElementTagNameMap[K]>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(name), properties)
  element.append(...children)
  return element
}
