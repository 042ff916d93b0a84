import { APP_OPTIONS, withApp } from '../app/open-app.ts'
import { type Command, command } from '../command.ts'
import { serveDashboard } from '../dashboard/serve.ts'
import { EXIT, UsageError } from '../failure.ts'

const PORT = 7434

/** Serves the dashboard until it is told to stop. */
export const dashboard: Command = command({
  name: 'dashboard',
  summary: 'Serves the dashboard',
  usage: 'dashboard',
  options: {
    port: { type: 'string', short: 'p', value: 'PORT', help: `where it listens (${PORT})`, env: 'PORT' },
    host: { type: 'string', value: 'ADDRESS', help: 'for whom it listens (127.0.0.1)' },
    'base-path': { type: 'string', value: 'PATH', help: 'where a proxy mounts it: /quayside' },
    origin: { type: 'string', value: 'URL', multiple: true, help: 'the origin that people see behind a proxy' },
    'read-only': { type: 'boolean', help: 'nobody may change anything' },
    ...APP_OPTIONS,
  },
  notes: [
    'It answers to this machine alone, unless QUAYSIDE_DASHBOARD_LOGIN says user:password: then to whoever knows them, on whichever address --host names. Let a proxy add TLS.',
  ],
  examples: [
    ['dashboard --redis redis://localhost:6379', 'whatever uses that Redis'],
    ['dashboard -r ./jobs.js --read-only', 'to look at only'],
  ],
  run: (invocation) =>
    withApp(invocation, async (app) => {
      const { options, env, terminal } = invocation
      const login = loginOf(env.QUAYSIDE_DASHBOARD_LOGIN)
      const host = options.host ?? '127.0.0.1'
      if (!login && !isLoopback(host)) {
        throw new UsageError(`--host ${host} lets others in: set QUAYSIDE_DASHBOARD_LOGIN=user:password`)
      }
      const served = await serveDashboard(app, {
        host,
        port: portOf(options.port ?? env.PORT),
        login,
        readOnly: options['read-only'] === true,
        basePath: options['base-path'] ?? '',
        origins: options.origin ?? [],
      })
      if (options.json) terminal.json({ url: served.url })
      else terminal.print(`The dashboard is at ${served.url}\nCtrl-C or TERM ends it.`)
      await served.ended()
      return EXIT.done
    }),
})

const isLoopback = (host: string): boolean => /^(127\.[\d.]+|localhost|::1)$/.test(host)

function portOf(given: string | undefined): number {
  if (given === undefined || given === '') return PORT
  const port = Number(given)
  if (/^\d+$/.test(given) && port <= 65_535) return port
  throw new UsageError(`--port needs a number up to 65535; got ${given}`)
}

function loginOf(given: string | undefined): { user: string; password: string } | undefined {
  if (!given) return undefined
  const at = given.indexOf(':')
  if (at > 0 && at < given.length - 1) return { user: given.slice(0, at), password: given.slice(at + 1) }
  throw new UsageError('QUAYSIDE_DASHBOARD_LOGIN needs user:password')
}
