/**
 * Whether a request that changes something was sent by a page of this very origin. Browsers say so with
 * Sec-Fetch-Site, and where they do not (old ones, and plain http beside localhost) with Origin, which no page can
 * forge. A service worker sees neither header; there only a script of this origin can make a request whose mode is
 * 'same-origin'. What tells nothing is refused.
 *
 * Behind a proxy that changes the host, `origins` names those that people see.
 */
export function isSameOrigin(request: Request, origins: readonly string[]): boolean {
  const site = request.headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin'
  const origin = request.headers.get('origin')
  if (origin !== null) return origins.includes(origin) || isOwn(origin, request)
  return request.mode === 'same-origin'
}

/** By host: behind a proxy that ends TLS, the scheme here is another than in the browser. */
function isOwn(origin: string, request: Request): boolean {
  if (!URL.canParse(origin)) return false
  const { host } = new URL(origin)
  return host === (request.headers.get('host') ?? new URL(request.url).host)
}
