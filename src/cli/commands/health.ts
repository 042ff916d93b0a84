import { hostname } from 'node:os'
import type { Quayside } from '../../quayside.ts'
import { APP_OPTIONS, withApp } from '../app/open-app.ts'
import { type Command, command } from '../command.ts'
import { readConfiguration } from '../config/configuration.ts'
import { READERS } from '../config/settings.ts'
import { EXIT } from '../failure.ts'

/** What was found out, and in one line. */
interface Verdict {
  readonly isWell: boolean
  readonly text: string
}

/** How long an endpoint on the same machine may take: a worker whose event loop is blocked is not well. */
const PATIENCE_MS = 5_000

/** Tells whether the worker on this machine claims jobs. */
export const health: Command = command({
  name: 'health',
  summary: 'Tells whether the worker on this machine claims jobs',
  usage: 'health',
  options: {
    ...APP_OPTIONS,
    port: { type: 'string', short: 'p', value: 'PORT', help: "of the worker's --health", env: 'QUAYSIDE_HEALTH' },
  },
  notes: [
    'With a port it asks the worker itself. Without one it asks the storage for workers of this host that are alive and not quiet.',
    'Exit codes: 0 it claims, 1 it does not (it starts, is quiet, stops, is gone, or the storage does not answer), 2 wrong options.',
  ],
  examples: [
    ['health --port 7433', 'asks a worker with --health 7433'],
    ['health --redis redis://redis:6379', 'asks Redis for workers here'],
  ],
  async run(invocation) {
    const { options, terminal } = invocation
    const { settings } = await readConfiguration(invocation)
    const port = options.port === undefined ? settings.health : READERS.health(options.port, '--port')
    const { isWell, text } = port === undefined ? await withApp(invocation, askStorage) : await askWorker(port)
    if (options.json) terminal.json({ claiming: isWell, message: text })
    else terminal.print(text)
    return isWell ? EXIT.done : EXIT.failed
  },
})

async function askWorker(port: number): Promise<Verdict> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(PATIENCE_MS) })
    const { status, running = 0 } = (await response.json()) as { status: string; running?: number }
    const text = response.ok ? `claiming, ${running} running` : `not claiming: ${status}`
    return { isWell: response.ok, text }
  } catch (error) {
    const { cause, message } = error as Error
    return { isWell: false, text: `no answer on port ${port}: ${cause instanceof Error ? cause.message : message}` }
  }
}

/** Names of workers begin with their host: that of a container is its own. */
async function askStorage(app: Quayside): Promise<Verdict> {
  const here = (await app.workers()).filter(({ worker }) => worker.startsWith(`${hostname()}:`))
  const claiming = here.filter(({ quiet }) => !quiet)
  if (here.length === 0) return { isWell: false, text: `no worker of ${hostname()} is alive` }
  if (claiming.length === 0) return { isWell: false, text: `not claiming: ${here.length} quiet` }
  return { isWell: true, text: `claiming: ${claiming.map(({ worker }) => worker).join(', ')}` }
}
