import type { RedisStorageOptions } from '../../../adapters/redis/index.ts'
import { OptionError } from '../../errors.ts'
import type { OpenStorage, StorageSettings } from '../../storage.ts'
import { type Configuration, readConfiguration } from './configuration.ts'

/** What `redisStorage` takes, but where Redis is. */
type Options = Omit<RedisStorageOptions, 'url' | 'client' | 'cluster'>

/** Makes the storage that a configuration names. */
export type MakeStorage = (options: Options) => OpenStorage

/** Where the command leaves its own for the job file, which may import another copy of this module. */
const LEFT = Symbol.for('quayside.storage')

const left = globalThis as { [LEFT]?: MakeStorage }

/**
 * The storage that the command line, the environment or the configuration file names: Redis where there is a url
 * (`--redis`, REDIS_URL, `redis.url`), else memory, which in production is an OptionError.
 */
export function configuredStorage(options: Options = {}): OpenStorage {
  if (left[LEFT]) return left[LEFT](options)
  // In a process that only enqueues, a web server say: the same sources, less the command line.
  const open: OpenStorage & { place?: string | undefined } = async (settings: StorageSettings) => {
    const configuration = await readConfiguration({ options: {}, env: process.env, cwd: process.cwd() })
    const storage = (await storageMaker(configuration))(options)
    open.place = storage.place
    return storage(settings)
  }
  return Object.assign(open, options.sidekiq === '8' && { timestamps: 'milliseconds' as const })
}

/** Lets `configuredStorage()` of a job file answer what this makes. */
export function leaveForJobFile(make: MakeStorage): void {
  left[LEFT] = make
}

/**
 * Prepares the storage that a configuration names. What cannot be right is thrown when it is made: it may not be.
 * @param keep what becomes of a memory before an app gets it
 */
export async function storageMaker(
  { settings, environment }: Configuration,
  keep: (memory: OpenStorage) => OpenStorage = (memory) => memory,
): Promise<MakeStorage> {
  const { redisUrl: url, redisPrefix: prefix, redisTimeout: timeout } = settings
  if (url !== undefined) {
    const redisStorage = await loadRedis()
    return (options) => redisStorage({ ...(prefix && { prefix }), ...(timeout && { timeout }), ...options, url })
  }
  const { memoryStorage } = await import('../../../adapters/memory/index.ts')
  return () => {
    if (environment !== 'production') return keep(memoryStorage())
    throw new OptionError('No Redis is configured, and in production memory is no place for jobs: set REDIS_URL.')
  }
}

type RedisStorage = (options: RedisStorageOptions) => OpenStorage

/** An optional package of the user's. */
async function loadRedis(): Promise<RedisStorage> {
  try {
    return (await import('../../../adapters/redis/index.ts')).redisStorage
  } catch (error) {
    return () => {
      throw new OptionError('Redis needs the package ioredis: npm install ioredis', { cause: error })
    }
  }
}
