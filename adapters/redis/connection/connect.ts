import type { Redis } from 'ioredis'
import type { StorageSettings } from '../../../src/storage.ts'
import { type Link, RedisLink } from '../link.ts'
import { hashTag, type RedisPlan } from '../options.ts'
import { Waking } from '../waking/waking.ts'
import { BorrowedLine } from './borrowed-line.ts'
import { dial } from './dial.ts'
import { Dispatcher } from './dispatcher.ts'
import type { Failure } from './failure.ts'
import { greet, nameConnection } from './greeting.ts'
import { type Line, type LineEvents, OwnLine } from './line.ts'
import { OURS, type Role, Route } from './route.ts'
import type { ServerFacts } from './server-check.ts'

/** What stands between the rooms of the adapter and Redis. */
export interface Connections {
  readonly link: Link
  readonly waking: Waking
  /** The way to Redis. Undefined with a client that is somebody else's. */
  readonly route: Route | undefined
  close(): Promise<void>
}

/** Begins to connect, and answers at once: calls wait for the connection themselves. */
export function connect(plan: RedisPlan, settings: StorageSettings, offsetMs: () => number): Connections {
  const { clock, logger, namespace } = settings
  const prefix = plan.prefix + (namespace === '' ? '' : `${namespace}:`)
  const route = plan.client ? undefined : new Route(plan)
  let facts: ServerFacts | undefined

  async function greetCommands(redis: Redis): Promise<void> {
    const evictedBefore = facts?.evicts
    facts = await greet(redis, `${prefix}queues`, hashTag(prefix) !== undefined)
    if (facts.evicts && facts.evicts !== evictedBefore) logger.warn({ policy: facts.evicts }, EVICTS)
  }

  /** A connection of the role, named and greeted; rejects with a Failure. */
  function dialAs(role: Role, greetIt: (redis: Redis) => Promise<void>): Promise<Redis> {
    const connection = route ? route.connection(role) : (plan.client as Redis).duplicate({ ...OURS, protocol: 2 })
    const named = async (redis: Redis) => {
      await nameConnection(redis, role, namespace)
      await greetIt(redis)
    }
    return dial(connection, named, route?.where ?? 'where the given client connects', clock)
  }

  function listenerLine(greetIt: (redis: Redis) => Promise<void>, events: LineEvents): Line {
    return new OwnLine(clock, () => dialAs('listener', greetIt), events)
  }

  const dispatcher = new Dispatcher(clock, plan.timeoutMs)
  const waking = new Waking({ clock, logger, prefix, lineOf: listenerLine })
  const version = () => facts?.version
  const link = new RedisLink({
    dispatcher,
    prefix,
    offsetMs,
    version,
    watch: (redis, keys) => waking.watch(redis, keys),
  })
  const events: LineEvents = {
    onReady(redis) {
      waking.follow(redis)
      dispatcher.onReady()
    },
    onGone: (redis) => dispatcher.onGone(redis),
    onFailure(failure) {
      logger.debug({ reason: failure.error.message }, 'there is no connection to Redis')
      if (route) reroute(route, failure)
      dispatcher.onFailure(failure)
    },
  }
  dispatcher.use(
    plan.client
      ? new BorrowedLine(plan.client, clock, greetCommands, events)
      : new OwnLine(clock, () => dialAs('commands', greetCommands), events),
  )

  async function close(): Promise<void> {
    waking.close()
    await dispatcher.close()
  }

  return { link, waking, route, close }
}

/** Where the next attempt goes. */
function reroute(route: Route, { moved }: Failure): void {
  if (moved) route.follow(moved)
  else route.goElsewhere()
}

const EVICTS = 'this Redis deletes keys when it is full, and with them jobs: set its maxmemory-policy to noeviction'
