import type { OpenStorage, Storage, StorageSettings } from '../../src/storage.ts'
import { connect } from './connection/connect.ts'
import { checkNamespace, placeOf, planOf, type RedisPlan, type RedisStorageOptions } from './options.ts'
import { storageOn } from './redis-storage.ts'

/**
 * Keeps jobs in Redis, 6.2 or newer, with Ruby Sidekiq's keys, so that both sides push and perform each other's jobs.
 *
 * A worker has two connections: one for commands, and one on which Redis tells what changed, so that nobody polls. A
 * third one exists only while a handler blocks the event loop. A process that only enqueues has one. Whatever breaks is
 * connected anew; a call fails with StorageUnavailableError when its `timeout` is over. Throws OptionError for a wrong
 * option.
 */
export function redisStorage(options: RedisStorageOptions | string = {}): OpenStorage {
  const plan = planOf(options)
  const open = (settings: StorageSettings) => openPlanned(plan, settings)
  return Object.assign(open, {
    place: placeOf(plan),
    ...(plan.sidekiq === '8' && { timestamps: 'milliseconds' as const }),
  })
}

/**
 * Opens the storage of one app, as `redisStorage(options)` does.
 * @param offsetMs how far the time of a test is ahead of Redis' own
 */
export async function openRedis(
  options: RedisStorageOptions | string,
  settings: StorageSettings,
  offsetMs: () => number = () => 0,
): Promise<Storage> {
  return openPlanned(planOf(options), settings, offsetMs)
}

/** Never fails for want of a Redis: calls do, for as long as there is none. */
function openPlanned(plan: RedisPlan, settings: StorageSettings, offsetMs: () => number = () => 0): Storage {
  checkNamespace(settings.namespace)
  return storageOn(connect(plan, settings, offsetMs), plan, settings)
}
