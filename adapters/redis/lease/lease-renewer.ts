import type { Redis } from 'ioredis'
import { systemClock } from '../../../src/clock.ts'
import { dial } from '../connection/dial.ts'
import { evaluate } from '../connection/evaluate.ts'
import type { Failure } from '../connection/failure.ts'
import { greet, nameConnection } from '../connection/greeting.ts'
import { Route, type RouteCopy } from '../connection/route.ts'
import { scriptText } from '../connection/script-text.ts'
import type { ServerFacts } from '../connection/server-check.ts'
import { hashTag } from '../options.ts'
import { RENEW } from '../scripts/renew.ts'
import type { Leases } from './lease-keeper.ts'

/** Renews leases on a connection of its own, for the time that the main loop is blocked. */
export class LeaseRenewer {
  readonly #route: Route
  readonly #prefix: string
  readonly #namespace: string
  #redis: Redis | undefined
  #facts: ServerFacts | undefined

  constructor(route: RouteCopy, prefix: string, namespace: string) {
    this.#route = new Route(route)
    this.#prefix = prefix
    this.#namespace = namespace
  }

  /** Never rejects: what fails is tried again with the next look at the main loop. */
  async renew(leases: Leases): Promise<void> {
    try {
      if (this.#redis?.status !== 'ready') this.#redis = await this.#connect()
      const args = [1, `${this.#prefix}quayside:leases`, this.#prefix, 0, ...[...leases].flat()]
      const script = scriptText(RENEW, this.#facts?.version)
      await evaluate(this.#redis, script, args)
    } catch (failure) {
      this.close()
      const { moved } = failure as Partial<Failure>
      if (moved) this.#route.follow(moved)
      else this.#route.goElsewhere()
    }
  }

  close(): void {
    this.#redis?.disconnect()
    this.#redis = undefined
  }

  #connect(): Promise<Redis> {
    const greeting = async (redis: Redis) => {
      await nameConnection(redis, 'lease', this.#namespace)
      this.#facts = await greet(redis, `${this.#prefix}queues`, hashTag(this.#prefix) !== undefined)
    }
    return dial(this.#route.connection('lease'), greeting, this.#route.where, systemClock)
  }
}
