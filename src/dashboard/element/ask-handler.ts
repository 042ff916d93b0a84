import type { Answer } from '../assets/script/surroundings.ts'
import type { Dashboard } from '../dashboard.ts'

/** No request to this host leaves the page: it only makes addresses whole. */
export const ORIGIN = 'http://dashboard.localhost'

/** Redirects after which somebody errs. The dashboard itself needs one. */
const MOST_REDIRECTS = 5

/** Asks the function as a browser asks a server: redirects are followed, languages told. */
export async function askHandler(
  handler: Dashboard,
  languages: readonly string[],
  address: URL,
  form?: URLSearchParams,
): Promise<Answer> {
  const headers = { 'accept-language': languages.join(',') }
  // The mode is what tells the dashboard that a page of its own sends the form.
  const requestOf = (to: URL, body?: URLSearchParams) =>
    new Request(to, { mode: 'same-origin', headers, ...(body ? { method: 'POST', body } : {}) })
  let at = address
  let response = await handler(requestOf(at, form))
  let redirects = 0
  for (; redirects < MOST_REDIRECTS; redirects++) {
    const location = response.headers.get('location')
    if (location === null) break
    at = new URL(location, at)
    response = await handler(requestOf(at))
  }
  return { status: response.status, address: at, isRedirected: redirects > 0, text: await response.text() }
}
