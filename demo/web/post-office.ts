import type { IncomingMessage, ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'

/** A postcard as a tab hands it in. */
interface HandedIn {
  readonly jid: string
  /** The name of the tab that performs the job. */
  readonly tab: string
  readonly to: string
  readonly text: string
  /** How often it is refused before it is taken. */
  readonly refusals: number
}

export interface Delivered extends HandedIn {
  /** In milliseconds since 1970. */
  readonly at: number
  /** How often it was handed in again after it had been taken: each is delivered once all the same. */
  readonly again: number
}

/** How many it shows. */
const SHOWN = 50

/**
 * The other end of the wire. It takes a postcard once, however often it is handed in: a job may run again, and its id
 * tells. It refuses some, as told, and while the network is cut it hangs up on everybody who hands one in.
 */
export class PostOffice {
  readonly #delivered = new Map<string, Delivered>()
  readonly #refused = new Map<string, number>()
  #isCut = false

  /** The routes below `/post`; everything else is passed on. */
  readonly answer = (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const route = `${request.method} ${request.url}`
    if (route === 'GET /post') send(response, 200, this.#view())
    else if (route === 'POST /post/cards') this.#receive(request, response)
    else if (route === 'POST /post/cut' || route === 'POST /post/mend') {
      this.#isCut = route.endsWith('cut')
      send(response, 200, this.#view())
    } else next()
  }

  /** How many postcards were delivered. */
  get count(): number {
    return this.#delivered.size
  }

  #view(): { isCut: boolean; count: number; delivered: Delivered[] } {
    const delivered = [...this.#delivered.values()].slice(-SHOWN).reverse()
    return { isCut: this.#isCut, count: this.count, delivered }
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#isCut) {
      request.destroy()
      return
    }
    const card = (await json(request)) as HandedIn
    const known = this.#delivered.get(card.jid)
    const refused = this.#refused.get(card.jid) ?? 0
    if (known) {
      this.#delivered.set(card.jid, { ...known, again: known.again + 1 })
      send(response, 200, {})
    } else if (refused < card.refusals) {
      this.#refused.set(card.jid, refused + 1)
      send(response, 503, { message: 'The post office is closed for lunch.' })
    } else {
      this.#delivered.set(card.jid, { ...card, at: Date.now(), again: 0 })
      send(response, 200, {})
    }
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}
