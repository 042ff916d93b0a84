import type { Quayside } from '../../quayside.ts'
import { type Dashboard, dashboard } from '../dashboard.ts'
import { ShadowBrowser } from './shadow-browser.ts'

/** Where there are no elements (a server that imports what its pages need) the class is of no use, and does no harm. */
const Base: typeof HTMLElement = globalThis.HTMLElement ?? (class {} as typeof HTMLElement)

/**
 * A dashboard in a page: `element.app = app`, and all happens in this page, without a server. It keeps a history of its
 * own; with the attribute `hash`, where it is stands in the hash of the page's address, and the browser's own buttons
 * lead back.
 */
export class DashboardElement extends Base {
  #handler: Dashboard | undefined
  #browser: ShadowBrowser | undefined

  /** The app whose jobs are shown. Whoever can run a script in this page has them anyway: everything is allowed. */
  set app(app: Quayside) {
    this.handler = dashboard(app, { authorize: () => 'all' })
  }

  /** A dashboard of your own making: `dashboard(app, { authorize, redact })`. */
  set handler(handler: Dashboard) {
    this.#handler = handler
    this.#begin()
  }

  connectedCallback(): void {
    this.#begin()
  }

  disconnectedCallback(): void {
    this.#browser?.close()
    this.#browser = undefined
  }

  /** Shows another page of the dashboard: '/queues'. Resolves when it is there. */
  async visit(path: string): Promise<void> {
    await this.#browser?.visit(path)
  }

  /** To the page before this one. */
  async back(): Promise<void> {
    await this.#browser?.step(-1)
  }

  /** To where `back` came from. */
  async forward(): Promise<void> {
    await this.#browser?.step(1)
  }

  #begin(): void {
    if (!this.#handler || !this.isConnected) return
    this.#browser?.close()
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' })
    const languages = this.lang ? [this.lang] : navigator.languages
    this.#browser = new ShadowBrowser({ root, handler: this.#handler, languages, isInHash: this.hasAttribute('hash') })
  }
}

/** Makes `<quayside-dashboard>` known to this page. Once is enough, and twice does no harm. */
export function defineDashboardElement(name = 'quayside-dashboard'): void {
  if (!customElements.get(name)) customElements.define(name, DashboardElement)
}

declare global {
  interface HTMLElementTagNameMap {
    'quayside-dashboard': DashboardElement
  }
}
