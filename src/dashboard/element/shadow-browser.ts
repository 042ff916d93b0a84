import { systemClock } from '../../clock.ts'
import { enhance } from '../assets/script/enhance.ts'
import { documentOf } from '../assets/script/page.ts'
import type { Answer } from '../assets/script/surroundings.ts'
import type { Dashboard } from '../dashboard.ts'
import { askHandler, ORIGIN } from './ask-handler.ts'
import { styleSheet } from './style-sheet.ts'
import { Trail } from './trail.ts'

interface ShadowBrowserOptions {
  readonly root: ShadowRoot
  readonly handler: Dashboard
  readonly languages: readonly string[]
  /** Whether the page's own address tells where it is. */
  readonly isInHash: boolean
}

/** What a browser does with pages, in a shadow root: it shows them, follows their links and sends their forms. */
export class ShadowBrowser {
  readonly #options: ShadowBrowserOptions
  readonly #trail = new Trail()
  readonly #closed = new AbortController()
  /** Ends the life of the page that is shown, or that is on its way. */
  #left = new AbortController()

  constructor(options: ShadowBrowserOptions) {
    this.#options = options
    const { root, isInHash } = options
    const { signal } = this.#closed
    root.adoptedStyleSheets = [styleSheet()]
    root.addEventListener('click', (event) => this.#click(event), { signal })
    root.addEventListener('submit', (event) => this.#submit(event), { signal })
    if (isInHash) addEventListener('hashchange', () => void this.visit(fromHash() ?? '/'), { signal })
    void this.visit((isInHash ? fromHash() : undefined) ?? '/')
  }

  async visit(path: string): Promise<void> {
    const isFirst = this.#trail.here === undefined
    this.#trail.push(path)
    await this.#load(path)
    // What had the focus is gone with its page.
    if (!isFirst && !this.#options.root.activeElement) this.#options.root.querySelector('main')?.focus()
  }

  async step(by: 1 | -1): Promise<void> {
    const path = this.#trail.step(by)
    if (path !== undefined) await this.#load(path)
  }

  close(): void {
    this.#closed.abort()
    this.#left.abort()
  }

  async #load(path: string): Promise<void> {
    this.#left.abort()
    const left = new AbortController()
    this.#left = left
    const answer = await this.#ask(new URL(path, ORIGIN))
    // Somebody was quicker, or the element is gone.
    if (left.signal.aborted) return
    this.#rename(answer.address)
    this.#show(answer, left.signal)
  }

  #show(answer: Answer, signal: AbortSignal): void {
    const { root } = this.#options
    const { documentElement } = documentOf(answer)
    // The sheet is adopted, and nothing of the head is for a shadow root.
    documentElement.querySelector('head')?.remove()
    root.replaceChildren(document.importNode(documentElement, true))
    root.host.scrollTop = 0
    const here = {
      root,
      clock: systemClock,
      address: () => new URL(this.#trail.here ?? '/', ORIGIN),
      ask: (address: URL, form?: URLSearchParams) => this.#ask(address, form),
      go: (address: URL) => this.#go(address),
      rename: (address: URL) => this.#rename(address),
    }
    enhance(here, signal)
  }

  #ask(address: URL, form?: URLSearchParams): Promise<Answer> {
    const { handler, languages } = this.#options
    return askHandler(handler, languages, address, form)
  }

  #rename(address: URL): void {
    const path = pathOf(address)
    this.#trail.rename(path)
    if (this.#options.isInHash && fromHash() !== path) history.replaceState(history.state, '', `#${path}`)
  }

  #go(address: URL): void {
    const path = pathOf(address)
    // The browser adds to its history then, and its hashchange leads here again.
    if (this.#options.isInHash && fromHash() !== path) location.hash = path
    else void this.visit(path)
  }

  #click(event: Event): void {
    const link = event.target instanceof Element ? event.target.closest('a[href]') : null
    const href = link?.getAttribute('href')
    if (!href) return
    event.preventDefault()
    if (href.startsWith('#')) this.#options.root.querySelector<HTMLElement>(href)?.focus()
    else this.#go(this.#resolve(href))
  }

  /** Forms that change something are the script's own affair, here as in a page. */
  #submit(event: Event): void {
    const form = event.target
    if (!(form instanceof HTMLFormElement) || form.method === 'post') return
    event.preventDefault()
    const address = this.#resolve(form.getAttribute('action') ?? '')
    const fields = [...new FormData(form)].map(([name, value]): [string, string] => [name, String(value)])
    address.search = new URLSearchParams(fields.filter(([, value]) => value !== '')).toString()
    this.#go(address)
  }

  #resolve(href: string): URL {
    return new URL(href, new URL(this.#trail.here ?? '/', ORIGIN))
  }
}

const pathOf = ({ pathname, search }: URL): string => pathname + search

/** A page's own anchors are none of our addresses. */
function fromHash(): string | undefined {
  const path = location.hash.slice(1)
  return path.startsWith('/') ? path : undefined
}
