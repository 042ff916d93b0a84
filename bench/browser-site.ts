import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const ENTRY = fileURLToPath(new URL('measured/browser/page/main.mjs', import.meta.url))

const PAGE = '<!doctype html><title>Bench</title><script type="module" src="/page.js"></script>'

/** A page with dist and the peers, bundled and minified as users ship them, under any name that ends in `.localhost`. */
export class BrowserSite {
  readonly #server: Server

  static async open(): Promise<BrowserSite> {
    const files = await bundle()
    const server = createServer(({ url = '/' }, response) => {
      const script = files.get(url.slice(1))
      response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript')
      response.end(script ?? PAGE)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new BrowserSite(server)
  }

  private constructor(server: Server) {
    this.#server = server
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async close(): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }
}

/** Each contender is a file of its own, which a page loads if it needs it. */
async function bundle(): Promise<ReadonlyMap<string, string>> {
  const result = await build({
    root: fileURLToPath(new URL('.', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: { input: ENTRY, output: { entryFileNames: 'page.js' } },
    },
  })
  if (!('output' in result)) throw new Error('Vite did not answer with one bundle')
  return new Map(result.output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file.code] as const] : [])))
}
