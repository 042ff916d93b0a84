import { type Clock, systemClock } from '../../../clock.ts'

/** An answer of the dashboard, wherever it was asked. */
export interface Answer {
  readonly status: number
  /** Where the answer is from, after all redirects. */
  readonly address: URL
  readonly isRedirected: boolean
  readonly text: string
}

/** Where pages are shown, and how the dashboard is asked: a document over the network, or a component over a function. */
export interface Surroundings {
  readonly root: Document | ShadowRoot
  readonly clock: Clock
  /** Where the page that is shown is from. */
  address(): URL
  /** Rejects when the dashboard cannot be reached. With `form`, by POST. */
  ask(address: URL, form?: URLSearchParams): Promise<Answer>
  /** Leaves this page for another. */
  go(address: URL): void
  /** Names the page that is shown otherwise, without loading it anew. */
  rename(address: URL): void
}

/** A page of its own. */
export function documentSurroundings(): Surroundings {
  return {
    root: document,
    clock: systemClock,
    address: () => new URL(location.href),
    async ask(address, body) {
      // In a service worker this mode is all that tells our own requests from those of others.
      const response = await fetch(address, { ...(body ? { method: 'POST', body } : {}), mode: 'same-origin' })
      const { status, url, redirected } = response
      return { status, address: new URL(url), isRedirected: redirected, text: await response.text() }
    },
    go: (address) => location.assign(address),
    rename: (address) => history.replaceState(history.state, '', address),
  }
}
