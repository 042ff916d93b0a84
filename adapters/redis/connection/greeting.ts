import type { Redis } from 'ioredis'
import { callFailure } from './failure.ts'
import { checkServer, readInfo, type ServerFacts } from './server-check.ts'

/**
 * What is said on each new connection for commands, before any call: is this a Redis that will do, and on a cluster the
 * node that has our keys? Rejects where it is not; the reply MOVED then tells where to go.
 * @param key any key of the app
 * @param hasHashTag whether all keys of the app lie in one slot
 */
export async function greet(redis: Redis, key: string, hasHashTag: boolean): Promise<ServerFacts> {
  const facts = checkServer(readInfo(await ask(redis, 'info')), hasHashTag)
  if (facts.isCluster) await redis.exists(key)
  if (facts.version !== undefined) return facts
  // HELLO is allowed to many a user who may not see INFO.
  const hello = await ask(redis, 'hello')
  return { ...facts, version: /\bversion,([\d.]+)/.exec(hello)?.[1] }
}

/** An answer as text, empty where a proxy or the rights of this user refuse the question: that alone is no reason to stop. */
async function ask(redis: Redis, command: string): Promise<string> {
  try {
    return String(await redis.call(command))
  } catch (error) {
    if (callFailure(error).isRefusal) return ''
    throw error
  }
}

/** Shows in CLIENT LIST whose connection this is. Redis takes no spaces in names. */
export async function nameConnection(redis: Redis, role: string, namespace: string): Promise<void> {
  const name = ['quayside', role, ...(namespace === '' ? [] : [namespace])].join(':').replace(/[^!-~]/g, '_')
  try {
    await redis.call('client', 'setname', name)
  } catch (error) {
    if (!callFailure(error).isRefusal) throw error
  }
}
