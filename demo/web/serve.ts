import type { ServerResponse } from 'node:http'
import { createServer } from 'vite'
import { PostOffice } from './post-office.ts'
import { bundleServiceWorker } from './service-worker.ts'

/** A page that is served. */
export interface Served {
  readonly url: string
  readonly postOffice: PostOffice
  close(): Promise<void>
}

/**
 * Serves the page, and the post office that it sends to, on this machine alone.
 *
 * @param port 0 for any that is free; one that is taken makes it the next
 */
export async function serve(port: number): Promise<Served> {
  const postOffice = new PostOffice()
  const server = await createServer({
    root: `${import.meta.dirname}/page`,
    configFile: false,
    logLevel: 'error',
    // Tabs that reload when somebody saves a file would spoil the show.
    server: { host: 'localhost', port, hmr: false, watch: null },
    plugins: [
      {
        name: 'ours',
        configureServer({ middlewares }) {
          middlewares.use(postOffice.answer)
          middlewares.use('/service-worker.js', (_request, response) => void sendServiceWorker(response))
        },
      },
    ],
  })
  await server.listen()
  const [url] = server.resolvedUrls?.local ?? []
  if (url === undefined) throw new Error('The server listens nowhere')
  return { url, postOffice, close: () => server.close() }
}

async function sendServiceWorker(response: ServerResponse): Promise<void> {
  const script = await bundleServiceWorker().catch(
    (error: Error) => `throw new Error(${JSON.stringify(error.message)})`,
  )
  response.writeHead(200, { 'content-type': 'text/javascript', 'cache-control': 'no-cache' }).end(script)
}
