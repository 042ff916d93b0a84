import { Worker } from 'node:worker_threads'
import type { Clock } from '../../../src/clock.ts'
import type { Logger } from '../../../src/logger.ts'
import type { RouteCopy } from '../connection/route.ts'

/** What the thread begins with. */
export interface LeaseThreadData {
  /** When the main loop last turned, by process.hrtime. */
  readonly turned: SharedArrayBuffer
  readonly renewForMs: number
  readonly prefix: string
  readonly namespace: string
  readonly route: RouteCopy
}

/** The leases to renew: worker → its length in ms. */
export type Leases = ReadonlyMap<string, number>

export interface LeaseKeeperParts {
  readonly clock: Clock
  readonly logger: Logger
  readonly prefix: string
  readonly namespace: string
  /** How long leases are renewed while the main loop does not turn. 0: not at all. */
  readonly renewForMs: number
  /** What a connection of the thread is made from. Throws where it cannot be copied; undefined where there is none. */
  readonly route: () => RouteCopy | undefined
}

/** The main loop says that it turns so many times in the shortest lease. */
const TURNS_IN_A_LEASE = 10

/**
 * Keeps the leases of workers whose handlers block the event loop. Heartbeats then wait, but a thread of its own does
 * not: it renews the leases for as long as they may block. It is started at the first heartbeat, and connects only when
 * it is needed.
 */
export class LeaseKeeper {
  readonly #parts: LeaseKeeperParts
  readonly #leases = new Map<string, number>()
  readonly #turned = new SharedArrayBuffer(8)
  #thread: Worker | undefined
  #isOff: boolean
  #cancelTurn: (() => void) | undefined

  constructor(parts: LeaseKeeperParts) {
    this.#parts = parts
    this.#isOff = parts.renewForMs === 0
  }

  /** A worker beats. */
  beat(worker: string, leaseMs: number): void {
    if (this.#isOff || this.#leases.get(worker) === leaseMs) return
    this.#leases.set(worker, leaseMs)
    this.#thread ??= this.#start()
    this.#thread?.postMessage(this.#leases)
    this.#turn()
  }

  /** A worker stops: its lease is nobody's to renew. */
  forget(worker: string): void {
    if (this.#leases.delete(worker)) this.#thread?.postMessage(this.#leases)
  }

  async close(): Promise<void> {
    this.#isOff = true
    this.#cancelTurn?.()
    await this.#thread?.terminate()
  }

  #start(): Worker | undefined {
    try {
      const route = this.#parts.route()
      if (!route) return this.#giveUp('the client is not made by Quayside')
      const { renewForMs, prefix, namespace } = this.#parts
      const workerData: LeaseThreadData = { turned: this.#turned, renewForMs, prefix, namespace, route }
      const thread = new Worker(threadFile(), { name: 'quayside-leases', workerData })
      thread.once('error', (error) => this.#giveUp(error.message))
      // A process ends with its work, not with its watchman.
      thread.unref()
      return thread
    } catch (error) {
      return this.#giveUp((error as Error).message)
    }
  }

  #giveUp(reason: string): undefined {
    this.#isOff = true
    this.#thread = undefined
    this.#cancelTurn?.()
    this.#parts.logger.info({ reason }, MAIN_LOOP_ONLY)
  }

  /** Shows the thread that the main loop turns. */
  #turn(): void {
    this.#cancelTurn?.()
    if (this.#isOff || this.#leases.size === 0) return
    Atomics.store(new BigInt64Array(this.#turned), 0, process.hrtime.bigint())
    const everyMs = Math.min(...this.#leases.values()) / TURNS_IN_A_LEASE
    this.#cancelTurn = this.#parts.clock.after(everyMs, () => this.#turn())
  }
}

const MAIN_LOOP_ONLY =
  'leases are renewed on the main loop only: jobs that block it for longer than a lease may be performed twice'

/** Named in two steps: what bundlers see as a worker of their own they would move elsewhere. */
function threadFile(): URL {
  const name = `./lease-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`
  return new URL(name, import.meta.url)
}
