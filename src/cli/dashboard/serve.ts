import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basicAuth } from '../../dashboard/basic-auth.ts'
import { dashboard } from '../../dashboard/dashboard.ts'
import { toNodeHandler } from '../../dashboard/node.ts'
import type { Quayside } from '../../quayside.ts'
import { Failure } from '../failure.ts'

export interface Serving {
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
  /** Who may come in. Without one only this machine may. */
  readonly login: { readonly user: string; readonly password: string } | undefined
  readonly readOnly: boolean
  readonly basePath: string
  readonly origins: readonly string[]
}

export interface Served {
  readonly url: string
  /** Resolves after TERM or Ctrl-C, when nobody is served any more. */
  ended(): Promise<void>
}

/** Serves the dashboard of an app. Throws Failure when the port is taken. */
export async function serveDashboard(app: Quayside, serving: Serving): Promise<Served> {
  const { host, port, login, readOnly, basePath, origins } = serving
  const authorize = login && basicAuth({ [login.user]: login.password })
  const answer = dashboard(app, { readOnly, basePath, origins, ...(authorize && { authorize }) })
  const server = createServer(toNodeHandler(answer))
  try {
    await once(server.listen(port, host), 'listening')
  } catch (error) {
    throw new Failure(`the dashboard cannot listen on ${host}:${port}: ${(error as Error).message}`, { cause: error })
  }
  const { port: taken } = server.address() as AddressInfo
  const name = host.includes(':') ? `[${host}]` : host
  return {
    url: `http://${name}:${taken}${basePath}/`,
    async ended() {
      await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')])
      const closed = once(server.close(), 'close')
      server.closeAllConnections()
      await closed
    },
  }
}
