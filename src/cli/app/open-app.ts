import { resolve } from 'node:path'
import { hasCode } from '../../errors.ts'
import type { Logger } from '../../logger.ts'
import { Quayside } from '../../quayside.ts'
import type { Invocation } from '../command.ts'
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
  redis: { type: 'string', value: 'URL', help: 'look into this Redis; no file is needed', env: 'REDIS_URL' },
  prefix: { type: 'string', value: 'TEXT', help: 'what stands before all keys of that Redis' },
  namespace: { type: 'string', value: 'NAME', help: 'the namespace of the app in that Redis' },
} as const

/**
 * Hands the app to `use`, and closes it afterwards: the app that the job file exports, or one without jobs on the Redis
 * that the command line or the environment names. Throws UsageError when neither is given.
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

async function openApp({ options, env, cwd, terminal }: Invocation<typeof APP_OPTIONS>): Promise<Quayside> {
  const file = options.require ?? env.QUAYSIDE_REQUIRE
  const url = options.redis ?? (file ? undefined : env.REDIS_URL)
  if (url) return onRedis(url, options, terminal)
  if (file) return loadApp(resolve(cwd, file))
  throw new UsageError('which app? Say -r FILE, or --redis URL, or set REDIS_URL')
}

async function onRedis(
  url: string,
  { prefix, namespace }: { prefix?: string | undefined; namespace?: string | undefined },
  terminal: Terminal,
): Promise<Quayside> {
  const { redisStorage } = await import('../../../adapters/redis/index.ts')
  const storage = redisStorage({ url, ...(prefix !== undefined && { prefix }) })
  return new Quayside({ storage, namespace: namespace ?? '', logger: loggerOn(terminal) })
}

/** Warnings beside what was asked for, not in it. */
function loggerOn({ warn }: Terminal): Logger {
  const line = (_: unknown, message: string) => warn(message)
  return { debug() {}, info() {}, warn: line, error: line }
}
