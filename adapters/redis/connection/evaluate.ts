import type { Redis } from 'ioredis'
import type { Argument } from '../link.ts'
import type { ScriptText } from './script-text.ts'

export interface Manner {
  /** Redis tells when one of these changes after the script. */
  readonly watch?: readonly string[] | undefined
  /** Strings in the reply come as Buffers. */
  readonly bytes?: boolean
}

/**
 * Runs a script by its digest, and where Redis does not know it, by its text, which Redis then remembers. Nothing was
 * done the first time.
 * @param args the number of keys, the keys, the arguments
 */
export async function evaluate(
  redis: Redis,
  { text, digest }: ScriptText,
  args: readonly Argument[],
  { watch, bytes = false }: Manner = {},
): Promise<unknown> {
  const send = (command: string, all: Argument[]) =>
    watch ? sendWatching(redis, command, all, watch, bytes) : sendPlain(redis, command, all, bytes)
  try {
    return await send('evalsha', [digest, ...args])
  } catch (error) {
    if (!(error as Error).message.startsWith('NOSCRIPT')) throw error
    return send('eval', [text, ...args])
  }
}

function sendPlain(redis: Redis, command: string, args: Argument[], bytes: boolean): Promise<unknown> {
  return bytes ? redis.callBuffer(command, args) : redis.call(command, args)
}

/** A full Redis keeps nothing for a MULTI. There the keys are watched first, so that no change falls between. */
async function sendWatching(
  redis: Redis,
  command: string,
  args: Argument[],
  keys: readonly string[],
  bytes: boolean,
): Promise<unknown> {
  try {
    return await inTransaction(redis, command, args, keys, bytes)
  } catch (error) {
    if (!(error as Error).message.startsWith('OOM')) throw error
    const [, reply] = await Promise.all([watchKeys(redis, keys), sendPlain(redis, command, args, bytes)])
    return reply
  }
}

/**
 * The script and then the look at its keys: the other way round, its own changes would be told of. A MULTI is one step
 * and counts as one request. It goes in one write: with a write for each of its parts it takes twice as long, and so it
 * does as a pipeline of ioredis (measured).
 */
async function inTransaction(
  redis: Redis,
  command: string,
  args: Argument[],
  keys: readonly string[],
  bytes: boolean,
): Promise<unknown> {
  redis.stream.cork()
  const queued = [redis.call('multi'), redis.call(command, args), watchKeys(redis, keys)]
  const done = bytes ? redis.callBuffer('exec') : redis.call('exec')
  redis.stream.uncork()
  const [executed, ...refusals] = await Promise.allSettled([done, ...queued])
  // What could not even be queued tells why all was given up.
  const refusal = refusals.find(({ status }) => status === 'rejected') ?? executed
  if (refusal.status === 'rejected') throw refusal.reason
  const [reply] = (executed as PromiseFulfilledResult<unknown>).value as unknown[]
  if (reply instanceof Error) throw reply
  return reply
}

/** Has Redis tell of the next change of each key. EXISTS reads keys of every type, also those that are not there. */
export async function watchKeys(redis: Redis, keys: readonly string[]): Promise<void> {
  await Promise.all([redis.call('client', 'caching', 'yes'), redis.call('exists', [...keys])])
}
