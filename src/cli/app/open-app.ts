import { hasCode } from '../../errors.ts'
import type { Logger } from '../../logger.ts'
import { Quayside } from '../../quayside.ts'
import type { OpenStorage } from '../../storage.ts'
import type { Invocation } from '../command.ts'
import { type Configuration, readConfiguration } from '../config/configuration.ts'
import { leaveForJobFile, storageMaker } from '../config/configured-storage.ts'
import { Failure, UsageError } from '../failure.ts'
import type { Terminal } from '../output/terminal.ts'
import { loadApp } from './load-app.ts'

/** How commands are told which app they are about. */
export const APP_OPTIONS = {
  require: {
    type: 'string',
    short: 'r',
    value: 'FILE',
    help: 'the file that exports the app',
    env: 'QUAYSIDE_REQUIRE',
  },
  config: { type: 'string', short: 'C', value: 'FILE', help: 'the configuration', env: 'QUAYSIDE_CONFIG' },
  environment: { type: 'string', short: 'e', value: 'ENV', help: 'production, say', env: 'QUAYSIDE_ENV, NODE_ENV' },
  redis: { type: 'string', value: 'URL', help: 'where Redis is, for configuredStorage()', env: 'REDIS_URL' },
  prefix: { type: 'string', value: 'TEXT', help: 'what stands before all keys of that Redis' },
  namespace: { type: 'string', value: 'NAME', help: 'the namespace of an app without a file' },
} as const

/**
 * Hands the app to `use`, and closes it afterwards. With `--redis` it is an app without jobs on that Redis, else the
 * one that the job file exports, else one without jobs on the Redis that the environment or the configuration names.
 * Throws UsageError when there is none.
 */
export async function withApp<T>(
  invocation: Invocation<typeof APP_OPTIONS>,
  use: (app: Quayside) => Promise<T>,
): Promise<T> {
  const app = await openApp(invocation)
  try {
    return await use(app)
  } catch (error) {
    if (hasCode(error, 'ERR_STORAGE_UNAVAILABLE')) throw new Failure((error as Error).message, { cause: error })
    throw error
  } finally {
    await app.close()
  }
}

/**
 * The app that the job file of a configuration exports. Throws UsageError when none is named.
 * @param keep what becomes of a memory before the app gets it
 */
export async function appOfFile(
  configuration: Configuration,
  keep?: (memory: OpenStorage) => OpenStorage,
): Promise<Quayside> {
  const { environment, settings } = configuration
  if (settings.require === undefined) {
    throw new UsageError('which app? Say -r FILE: a file that exports a Quayside as `app` or by default')
  }
  // Before the job file looks: `-e production` is for all that it imports.
  if (environment !== 'development') process.env.NODE_ENV ??= environment
  leaveForJobFile(await storageMaker(configuration, keep))
  return loadApp(settings.require)
}

async function openApp(invocation: Invocation<typeof APP_OPTIONS>): Promise<Quayside> {
  const configuration = await readConfiguration({ ...invocation, options: aboutTheApp(invocation.options) })
  const { settings } = configuration
  if (settings.require !== undefined && invocation.options.redis === undefined) return appOfFile(configuration)
  if (settings.redisUrl === undefined) throw new UsageError('which app? Say -r FILE, or --redis URL, or set REDIS_URL')
  const storage = (await storageMaker(configuration))({})
  return new Quayside({ storage, namespace: settings.namespace ?? '', logger: loggerOn(invocation.terminal) })
}

/** An option that only a command knows is no setting, though one may be called so: `jobs --queue` is a filter. */
function aboutTheApp(options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => name in APP_OPTIONS))
}

/** Warnings beside what was asked for, not in it. */
function loggerOn({ warn }: Terminal): Logger {
  const line = (_: unknown, message: string) => warn(message)
  return { debug() {}, info() {}, warn: line, error: line }
}
