import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { WorkerHealth } from '../../worker/worker.ts'
import { Failure } from '../failure.ts'

/**
 * Answers `/live` with 200 while the event loop turns, and everything else with 200 while the worker claims jobs, else
 * 503; with the worker's health as JSON. Answers the port. Throws Failure when it is taken.
 */
export async function serveHealth(port: number, health: () => WorkerHealth | undefined): Promise<number> {
  const server = createServer(({ url }, response) => {
    const now = health() ?? { status: 'starting', claiming: false }
    const isWell = now.claiming || url === '/live'
    response.writeHead(isWell ? 200 : 503, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    response.end(`${JSON.stringify(now)}\n`)
  })
  await listening(server, port)
  return (server.address() as AddressInfo).port
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
