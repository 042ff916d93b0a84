import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Dashboard } from './dashboard.ts'

/**
 * A dashboard as a handler of node:http, and of the frameworks built on it: `createServer(toNodeHandler(dashboard(app)))`,
 * `app.use('/quayside', toNodeHandler(...))` in Express. It tells the dashboard the address of the other end.
 */
export function toNodeHandler(
  dashboard: Dashboard,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (incoming, outgoing) => {
    try {
      const { remoteAddress } = incoming.socket
      await send(await dashboard(requestOf(incoming), { remoteAddress }), outgoing)
    } catch {
      // What no Request can be made of (the method TRACE, say), or a connection that broke: nobody else would catch it.
      if (!outgoing.headersSent) outgoing.statusCode = 400
      outgoing.end()
    }
  }
}

/** Express cuts the path that it was mounted on off `url`, and keeps the whole in `originalUrl`. */
function requestOf(incoming: IncomingMessage & { originalUrl?: string; body?: unknown }): Request {
  const { method = 'GET', headers, originalUrl, url = '/' } = incoming
  const isEncrypted = 'encrypted' in incoming.socket
  const address = `${isEncrypted ? 'https' : 'http'}://${hostOf(headers.host)}${pathOf(originalUrl ?? url)}`
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const made = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(':')) continue
    for (const each of [value ?? []].flat()) made.append(name, each)
  }
  return new Request(address, { method, headers: made, ...(hasBody ? { body: bodyOf(incoming), duplex: 'half' } : {}) })
}

/** Whatever a client writes into its Host header, the address made of it is sound, and no loopback name by accident. */
function hostOf(host = ''): string {
  return /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?$/i.test(host) && URL.canParse(`http://${host}`) ? host : 'host.invalid'
}

/** The whole of `//host/path` is a path here, and `http://host/path` (to a proxy) has one. */
function pathOf(target: string): string {
  if (target.startsWith('/')) return target
  return URL.canParse(target) ? new URL(target).pathname + new URL(target).search : '/'
}

/** The body as it comes; or, where a framework has read it before us (express.urlencoded), written anew. */
function bodyOf(incoming: IncomingMessage & { body?: unknown }): ReadableStream | string {
  if (incoming.readableEnded && typeof incoming.body === 'object' && incoming.body !== null) {
    const pairs = Object.entries(incoming.body).flatMap(([name, value]) =>
      [value].flat().map((each) => [name, String(each)]),
    )
    return new URLSearchParams(pairs).toString()
  }
  return new ReadableStream({
    async start(controller) {
      try {
        for await (const chunk of incoming) controller.enqueue(new Uint8Array(chunk))
        controller.close()
      } catch (error) {
        controller.error(error)
      }
    },
  })
}

async function send(answer: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.statusCode = answer.status
  for (const [name, value] of answer.headers) if (name !== 'set-cookie') outgoing.setHeader(name, value)
  const cookies = answer.headers.getSetCookie()
  if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies)
  outgoing.end(new Uint8Array(await answer.arrayBuffer()))
}
