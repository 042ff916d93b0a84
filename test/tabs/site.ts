import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { bundle } from './bundle.ts'
import type { Note, PageOrders } from './orders.ts'

/** For how long something may take that is to happen: longer only on a machine where nothing works. */
const LONGEST_MS = 60_000

/** The server of the pages, and the ledger in which they tell what they do: it knows, whatever the library thinks. */
export class Site {
  readonly notes: Note[] = []
  readonly #server: Server
  readonly #program: string
  /** Those who wait for a note, and how each stops. */
  readonly #readers = new Map<() => void, () => void>()
  /** How often each tab was loaded. */
  readonly #loads = new Map<string, number>()
  /** How many runs of each job have begun. */
  readonly #runs = new Map<string, number>()

  private constructor(server: Server, program: string) {
    this.#server = server
    this.#program = program
  }

  static async open(): Promise<Site> {
    const server = createServer()
    const site = new Site(server, await bundle())
    server.on('request', (request, response) => {
      // A page that dies in the middle of a request has nothing more to tell.
      site.#answer(request, response).catch(() => response.destroy())
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    return site
  }

  get origin(): string {
    // The name, not the number: what it serves is then a secure context with Web Locks.
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`
  }

  address(orders: PageOrders): string {
    return `${this.origin}/page?orders=${encodeURIComponent(JSON.stringify(orders))}`
  }

  /** A page of the same origin that does nothing. */
  get elsewhere(): string {
    return `${this.origin}/elsewhere`
  }

  /** The newest page of this tab. */
  page(tab: string): string {
    return `${tab}.${this.#loads.get(tab) ?? 0}`
  }

  /** Resolves with the first note that is such, also one of the past. */
  noted(story: string, isSuch: (note: Note) => boolean, ms: number = LONGEST_MS): Promise<Note> {
    return new Promise((resolve, reject) => {
      let seen = 0
      const read = () => {
        const found = this.notes.slice(seen).find(isSuch)
        seen = this.notes.length
        if (!found) return
        stop()
        resolve(found)
      }
      const late = setTimeout(() => {
        stop()
        reject(new Error(`not within ${ms} ms: ${story}`))
      }, ms)
      const stop = () => {
        clearTimeout(late)
        this.#readers.delete(read)
      }
      this.#readers.set(read, stop)
      read()
    })
  }

  /** Whoever still waits for a note waits for ever. */
  async close(): Promise<void> {
    for (const stop of [...this.#readers.values()]) stop()
    const closed = once(this.#server.close(), 'close')
    this.#server.closeAllConnections()
    await closed
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', this.origin)
    if (pathname === '/notes') {
      const runs = this.#note(JSON.parse(await text(request)))
      response.setHeader('Content-Type', 'application/json').end(String(runs))
    } else if (pathname === '/page') {
      const { tab }: PageOrders = JSON.parse(searchParams.get('orders') ?? '')
      this.#loads.set(tab, (this.#loads.get(tab) ?? 0) + 1)
      const script = '<script type="module" src="/program.js"></script>'
      response
        .setHeader('Content-Type', 'text/html')
        .end(`<!doctype html><html id="${this.page(tab)}">${script}</html>`)
    } else if (pathname === '/program.js') {
      response.setHeader('Content-Type', 'text/javascript').end(this.#program)
    } else if (pathname === '/elsewhere') {
      response.setHeader('Content-Type', 'text/html').end('<!doctype html>')
    } else {
      response.writeHead(204).end()
    }
  }

  /** Answers how many runs of this job have begun. */
  #note(said: Omit<Note, 'at'>): number {
    const { what, id } = said
    const runs = (this.#runs.get(id) ?? 0) + (what === 'begun' ? 1 : 0)
    this.#runs.set(id, runs)
    this.notes.push({ ...said, at: performance.now() })
    for (const read of [...this.#readers.keys()]) read()
    return runs
  }
}
