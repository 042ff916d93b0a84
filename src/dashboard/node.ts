import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Dashboard } from './dashboard.ts'

/** A request as frameworks leave it: Express keeps the whole path in `originalUrl`, body parsers their result in `body`. */
type Incoming = IncomingMessage & { readonly originalUrl?: string; readonly body?: unknown }

/**
 * A dashboard as a handler of node:http, and of the frameworks built on it: `createServer(toNodeHandler(dashboard(app)))`,
 * `app.use('/quayside', toNodeHandler(...))` in Express. It tells the dashboard the address of the other end.
 */
export function toNodeHandler(
  dashboard: Dashboard,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (incoming, outgoing) => {
    try {
      if (isBodyLost(incoming)) return refuse(outgoing, 500, BODY_LOST)
      await send(await dashboard(requestOf(incoming), { remoteAddress: addressOf(incoming) }), outgoing)
    } catch {
      // What no Request can be made of (the method TRACE, say), or a connection that broke: nobody else would catch it.
      refuse(outgoing, 400, '')
    }
  }
}

const BODY_LOST =
  'The body of this form was read before the dashboard got the request. Mount the dashboard before whatever parses ' +
  'bodies, or hand over what it made: request.body of node:http (docs/dashboard.md, "Mounting").\n'

/**
 * Undefined: not known. nginx as it comes tells nobody that it stands between, and asks for a loopback host; all that
 * gives it away is HTTP/1.0, which no browser speaks.
 */
function addressOf({ httpVersion, socket }: IncomingMessage): string | undefined {
  return httpVersion === '1.0' ? undefined : socket.remoteAddress
}

/** Express cuts the path that it was mounted on off `url`, and keeps the whole in `originalUrl`. */
function requestOf(incoming: Incoming): Request {
  const { method = 'GET', headers, originalUrl, url = '/' } = incoming
  const isEncrypted = 'encrypted' in incoming.socket
  const address = `${isEncrypted ? 'https' : 'http'}://${hostOf(headers.host)}${pathOf(originalUrl ?? url)}`
  const made = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(':')) continue
    for (const each of [value ?? []].flat()) made.append(name, each)
  }
  const body = takesBody(incoming) ? { body: bodyOf(incoming), duplex: 'half' as const } : {}
  return new Request(address, { method, headers: made, ...body })
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

const takesBody = ({ method }: Incoming): boolean => method !== 'GET' && method !== 'HEAD'

/** Koa and Fastify keep a body that they parsed to themselves: without it an action would do something else, or nothing. */
function isBodyLost(incoming: Incoming): boolean {
  const hadOne = Number(incoming.headers['content-length'] ?? 0) > 0 || 'transfer-encoding' in incoming.headers
  return takesBody(incoming) && hadOne && incoming.readableEnded && incoming.body === undefined
}

/** The body as it comes; or, where a framework has read it before us, what it made of it, written anew. */
function bodyOf(incoming: Incoming): ReadableStream | Uint8Array<ArrayBuffer> | string {
  const { body } = incoming
  if (!incoming.readableEnded || body === undefined) return streamOf(incoming)
  if (typeof body === 'string') return body
  if (body instanceof Uint8Array) return new Uint8Array(body)
  return new URLSearchParams(pairsOf(body)).toString()
}

/** More than twenty fields of one name are, to the parser that most use (qs), an object: `{ 0: 'a', 1: 'b' }`. */
function pairsOf(body: unknown): [name: string, value: string][] {
  return Object.entries(body ?? {}).flatMap(([name, value]) => {
    const values: unknown[] = typeof value === 'object' ? Object.values(value ?? {}) : [value]
    return values.map((each): [string, string] => [name, String(each)])
  })
}

/** Reads only what is asked for: a client that sends without end fills nobody's memory. */
function streamOf(incoming: IncomingMessage): ReadableStream {
  // Ending it early would close the connection, and with it the way of the answer; node drops what is left.
  const chunks = incoming.iterator({ destroyOnReturn: false })
  const pull = async (controller: ReadableStreamDefaultController) => {
    const { done, value } = await chunks.next()
    if (done) controller.close()
    else controller.enqueue(new Uint8Array(value))
  }
  return new ReadableStream({ pull }, { highWaterMark: 0 })
}

async function send(answer: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.statusCode = answer.status
  for (const [name, value] of answer.headers) if (name !== 'set-cookie') outgoing.setHeader(name, value)
  const cookies = answer.headers.getSetCookie()
  if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies)
  outgoing.end(new Uint8Array(await answer.arrayBuffer()))
}

function refuse(outgoing: ServerResponse, status: number, why: string): void {
  if (!outgoing.headersSent) {
    outgoing.statusCode = status
    outgoing.setHeader('content-type', 'text/plain; charset=utf-8')
  }
  outgoing.end(why)
}
