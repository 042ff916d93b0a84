/** What the one who calls the dashboard knows and a Request does not tell. */
export interface Caller {
  /** The address of the other end of the connection. */
  readonly remoteAddress?: string | undefined
  /** Keeps a service worker alive until a bulk action is over: `(promise) => event.waitUntil(promise)`. */
  readonly waitUntil?: (work: Promise<unknown>) => void
}

/** What a proxy adds: behind one, every connection comes from the proxy's own address. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via']

/**
 * Whether a request surely comes from this very machine, by somebody who meant to come here. Three things must hold:
 * the connection is from a loopback address; no proxy stands between; and the host that was asked is a loopback name.
 * The last keeps out a page of the web whose own name was made to lead here (DNS rebinding). The host alone would say
 * nothing: anybody can write one.
 */
export function isLoopback(request: Request, { remoteAddress }: Caller): boolean {
  if (remoteAddress === undefined || !isLoopbackAddress(remoteAddress)) return false
  if (FORWARDED.some((name) => request.headers.has(name))) return false
  return isLoopbackHost(new URL(request.url).hostname) && isLoopbackHost(hostnameOf(request.headers.get('host')))
}

const isLoopbackAddress = (address: string): boolean =>
  address === '::1' || /^(?:::ffff:)?127(?:\.\d{1,3}){3}$/i.test(address)

/** Undefined: no such header came, and the address of the request is all there is. */
const isLoopbackHost = (host: string | undefined): boolean =>
  host === undefined ||
  host === 'localhost' ||
  host.endsWith('.localhost') ||
  host === '[::1]' ||
  isLoopbackAddress(host)

function hostnameOf(host: string | null): string | undefined {
  if (host === null) return undefined
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : ''
}
