import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** Where a connection is cut: after so many bytes of something. */
export interface Cut {
  /**
   * 'request': of the request with the marker in it, which Redis then never sees whole. 'answer': of the answer to that
   * request. 'bringing': of the answer that has the marker in it.
   */
  readonly within: 'request' | 'answer' | 'bringing'
  readonly marker: string
  readonly after: number
}

/** Both ends of a connection through the proxy. */
interface Pair {
  readonly client: Socket
  readonly server: Socket
  isListener: boolean
  /** Nothing passes any more, and neither end is told. */
  isSilent: boolean
  /** How much of the present answer may still pass. */
  left: number | undefined
}

/** Stands between a client and Redis, and breaks connections in ways that no command of Redis can. */
export class FaultyProxy {
  /** How many connections were cut. */
  cuts = 0
  readonly #server: Server
  readonly #port: number
  readonly #pairs = new Set<Pair>()
  readonly #planned: Cut[] = []

  private constructor(server: Server, port: number) {
    this.#server = server
    this.#port = port
    server.on('connection', (client) => this.#join(client))
  }

  /** @param port of Redis, on this machine */
  static async open(port: number): Promise<FaultyProxy> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new FaultyProxy(server, port)
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.#server.address() as { port: number }).port}`
  }

  /** How many connections that pass on what they get listen for changes. */
  get listeners(): number {
    return [...this.#pairs].filter(({ isListener, isSilent }) => isListener && !isSilent).length
  }

  /** Cuts at the next chances, in this order. */
  plan(...cuts: Cut[]): void {
    this.#planned.push(...cuts)
  }

  /** Makes the present connections half open: they swallow what they get. */
  silence(which: 'all' | 'listeners' = 'all'): void {
    for (const pair of this.#pairs) pair.isSilent ||= which === 'all' || pair.isListener
  }

  close(): void {
    for (const { client, server } of this.#pairs) for (const socket of [client, server]) socket.destroy()
    this.#server.close()
  }

  #join(client: Socket): void {
    const server = connect(this.#port, '127.0.0.1')
    const pair: Pair = { client, server, isListener: false, isSilent: false, left: undefined }
    this.#pairs.add(pair)
    client.on('data', (chunk) => this.#request(pair, chunk))
    server.on('data', (chunk) => this.#answer(pair, chunk))
    for (const socket of [client, server]) {
      socket.setNoDelay()
      // Cut from the other side: so it is for this one.
      socket.on('error', () => {})
      socket.on('close', () => this.#part(pair))
    }
  }

  #request(pair: Pair, chunk: Buffer): void {
    if (pair.isSilent) return
    pair.isListener ||= chunk.includes('subscribe')
    const [cut] = this.#planned
    if (!cut || cut.within === 'bringing' || !chunk.includes(cut.marker)) {
      pair.server.write(chunk)
      return
    }
    this.#planned.shift()
    if (cut.within === 'answer') {
      pair.left = cut.after
      pair.server.write(chunk)
      return
    }
    pair.server.write(chunk.subarray(0, cut.after))
    this.#cut(pair)
  }

  #answer(pair: Pair, chunk: Buffer): void {
    if (pair.isSilent) return
    const [cut] = this.#planned
    if (cut?.within === 'bringing' && chunk.includes(cut.marker)) {
      this.#planned.shift()
      pair.left = cut.after
    }
    if (pair.left === undefined || chunk.length <= pair.left) pair.client.write(chunk)
    else pair.client.write(chunk.subarray(0, pair.left))
    if (pair.left === undefined) return
    pair.left -= chunk.length
    if (pair.left < 0) this.#cut(pair)
  }

  /** What was written before still arrives. */
  #cut({ client, server }: Pair): void {
    this.cuts++
    client.end()
    server.end()
  }

  #part(pair: Pair): void {
    this.#pairs.delete(pair)
    // Of a half-open connection neither end hears of the other's end.
    if (pair.isSilent) return
    pair.client.destroy()
    pair.server.destroy()
  }
}
