import type { Readable, Writable } from 'node:stream'

/** What a browser says by itself. */
export interface DevToolsEvent {
  readonly method: string
  readonly params: { readonly sessionId?: string; readonly targetId?: string }
  /** The tab that it is about, if it was sent to a session. */
  readonly sessionId?: string
}

interface Answer extends Partial<DevToolsEvent> {
  readonly id?: number
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

interface Pending {
  readonly session: string | undefined
  readonly resolve: (result: never) => void
  readonly reject: (error: Error) => void
}

/**
 * The DevTools protocol over a pipe, with nothing between the test and the browser: Playwright makes every page believe
 * that it is shown, and such a page can neither be frozen nor throttled. The browser ends with its pipe.
 */
export class DevTools {
  readonly #input: Writable
  readonly #pending = new Map<number, Pending>()
  readonly #listeners = new Set<(event: DevToolsEvent) => void>()
  #ids = 0
  #rest = ''

  constructor(input: Writable, output: Readable) {
    this.#input = input
    output.setEncoding('utf8').on('data', (text: string) => this.#read(text))
    output.on('close', () => this.#giveUp('the browser is gone'))
    // A killed browser breaks the pipe: what was asked for is then rejected.
    for (const stream of [input, output]) stream.on('error', () => this.#giveUp('the browser is gone'))
  }

  /** Rejects with what the browser says against it, or when the tab or the browser ends before it answers. */
  send<T>(method: string, params: object = {}, session?: string): Promise<T> {
    const id = ++this.#ids
    return new Promise<T>((resolve, reject) => {
      const fail = (error: Error) => reject(new Error(`${method}: ${error.message}`))
      this.#pending.set(id, { session, resolve, reject: fail })
      this.#input.write(`${JSON.stringify({ id, method, params, sessionId: session })}\0`)
    })
  }

  /** Answers a function that ends it. */
  listen(listener: (event: DevToolsEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #read(text: string): void {
    const messages = (this.#rest + text).split('\0')
    this.#rest = messages.pop() ?? ''
    for (const message of messages) this.#hear(JSON.parse(message))
  }

  #hear({ id, result, error, ...event }: Answer): void {
    if (id === undefined) {
      this.#tell(event as DevToolsEvent)
      return
    }
    const asked = this.#pending.get(id)
    this.#pending.delete(id)
    if (error) asked?.reject(new Error(error.message))
    else asked?.resolve(result as never)
  }

  #tell(event: DevToolsEvent): void {
    // What a dead page was asked is never answered.
    if (event.method === 'Target.detachedFromTarget') this.#giveUp('the tab is gone', event.params.sessionId)
    if (event.method === 'Inspector.targetCrashed') this.#giveUp('the tab crashed', event.sessionId)
    for (const listener of [...this.#listeners]) listener(event)
  }

  #giveUp(why: string, session?: string): void {
    for (const [id, asked] of this.#pending) {
      if (session !== undefined && asked.session !== session) continue
      this.#pending.delete(id)
      asked.reject(new Error(why))
    }
  }
}
