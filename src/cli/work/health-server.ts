import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { WorkerHealth } from '../../worker/worker.ts'
import { Failure } from '../failure.ts'

/** An endpoint for probes, and how it answers them. */
export interface HealthServer {
  readonly port: number
  close(): void
}

/**
 * Answers `/live` with 200 while the event loop turns, and everything else with 200 while the worker claims jobs, else
 * 503; with the worker's health as JSON. Throws Failure when the port is taken.
 */
export async function serveHealth(port: number, health: () => WorkerHealth | undefined): Promise<HealthServer> {
  const server = createServer(({ url }, response) => {
    const now = health() ?? { status: 'starting', claiming: false }
    const isWell = now.claiming || url === '/live'
    response.writeHead(isWell ? 200 : 503, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    response.end(`${JSON.stringify(now)}\n`)
  })
  await listening(server, port)
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() }
}

async function listening(server: Server, port: number): Promise<void> {
  try {
    await once(server.listen(port), 'listening')
  } catch (error) {
    throw new Failure(`the health endpoint cannot listen on port ${port}: ${(error as Error).message}`, {
      cause: error,
    })
  }
}
