import type { Redis } from 'ioredis'
import type { Dispatcher } from './connection/dispatcher.ts'
import { evaluate } from './connection/evaluate.ts'
import { scriptText } from './connection/script-text.ts'

/** Lua text and how it may run. */
export interface Script {
  readonly name: string
  readonly lua: string
  /** Whether it makes the store larger: a full Redis refuses it up front, and lets all others run. Default false. */
  readonly growing?: boolean
}

export type Argument = string | number | Buffer

/** Arguments, or what makes them when the call is sent: it may have waited for a connection. */
export type Arguments = readonly Argument[] | ((waitedMs: number) => readonly Argument[])

export interface Call {
  /** KEYS[1..]. Default: `<prefix>queues`, which takes the call to the right node of a cluster. */
  readonly keys?: readonly string[]
  /** Whether Redis shall tell, once, when one of `keys` changes after this call. Default false. */
  readonly watch?: boolean
  /** Whether strings in the reply come as Buffers. Default false. */
  readonly bytes?: boolean
}

/** One Redis, behind however many connections: what the rooms of the adapter see of it. */
export interface Link {
  /** Before every key: '', '{shop}:', '{shop}:app:'. */
  readonly prefix: string
  /** Runs a script whole or not at all. ARGV begins with the prefix and the offset of the test clock (ms), then `args`. */
  run(script: Script, args: Arguments, call?: Call): Promise<unknown>
  /** One plain command. Those sent in the same turn share a round trip. */
  command(name: string, ...args: Argument[]): Promise<unknown>
}

/** What a RedisLink stands on. */
export interface LinkParts {
  readonly dispatcher: Dispatcher
  readonly prefix: string
  readonly offsetMs: () => number
  /** The version of the Redis that is connected now, where it is known. */
  readonly version: () => string | undefined
  /** Notes that a call watches keys. Answers whether Redis tells of what this connection watches. */
  readonly watch: (redis: Redis, keys: readonly string[]) => boolean
}

export class RedisLink implements Link {
  readonly prefix: string
  readonly #parts: LinkParts

  constructor(parts: LinkParts) {
    this.prefix = parts.prefix
    this.#parts = parts
  }

  run(script: Script, args: Arguments, call: Call = {}): Promise<unknown> {
    const { dispatcher, prefix, offsetMs, version, watch } = this.#parts
    const { keys = [`${prefix}queues`], bytes = false } = call
    return dispatcher.call((redis, waitedMs) => {
      const isTold = call.watch === true && watch(redis, keys)
      const rest = typeof args === 'function' ? args(waitedMs) : args
      const all = [keys.length, ...keys, prefix, offsetMs(), ...rest]
      return evaluate(redis, scriptText(script, version()), all, { watch: isTold ? keys : undefined, bytes })
    })
  }

  command(name: string, ...args: Argument[]): Promise<unknown> {
    // ioredis knows commands, and what shape their replies have, by their names in lower case.
    return this.#parts.dispatcher.call((redis) => redis.call(name.toLowerCase(), args))
  }
}
