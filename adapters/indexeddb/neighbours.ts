import type { Clock } from '../../src/clock.ts'
import type { Wake } from '../../src/storage.ts'
import type { Connection } from './connection.ts'
import { ANYTHING, Election } from './election.ts'
import { Living } from './living.ts'
import type { Memo } from './memo.ts'
import { channelOf, databaseName, type IndexedDBOptions, locksOf, pageOf } from './options.ts'
import { isHidden, listenTo } from './page.ts'
import type { Sighting } from './presence.ts'
import type { Step } from './step.ts'
import { Wakes } from './wakes.ts'

/** What this context and the others of the origin know of each other. */
export interface Neighbours {
  readonly wakes: Wakes
  readonly living: Living
  /** Undefined where all perform. */
  readonly election: Election | undefined
  readonly canWake: boolean
  /** What proves that a worker lives, and whether it may perform. */
  sight(spoken: Pick<Sighting, 'worker' | 'leaseMs'>): Promise<Sighting>
  close(): void
}

export interface NeighbourOptions {
  readonly connection: Connection
  readonly clock: Clock
  readonly namespace: string
  readonly options: IndexedDBOptions
  readonly memo: Memo
  readonly patienceMs: number
}

export function meetNeighbours(means: NeighbourOptions): Neighbours {
  const { connection, clock, namespace, options, memo, patienceMs } = means
  const [locks, page] = [locksOf(options), pageOf(options)]
  const channel = channelOf(options, databaseName(namespace))
  const isLate = () => isHidden(page)
  // Nothing can be claimed, promoted or recovered on standby.
  const isHeard = (wake: Wake) => !election?.isStandby || wake === 'signal' || wake === 'network'
  const wakes = new Wakes(channel, isHeard, isLate)
  const living = new Living(locks, namespace, () => wakes.tell(['recoverable']))
  const name = living.nameOf('performer')
  const standing = { locks, name, clock, memo, patienceMs, wakes, isHidden: isLate }
  const election = options.tabs === 'all' ? undefined : new Election(standing)
  const unlisten = listenTo(page, {
    onLeave: () => election?.stepAside(),
    onFreeze: () => connection.freeze(),
    onBack() {
      connection.thaw()
      election?.comeBack()
      wakes.tell([...ANYTHING, 'network'])
    },
  })

  /** The lock is held before the transaction begins: who stands in the database without one is dead. */
  async function sight({ worker, leaseMs }: Pick<Sighting, 'worker' | 'leaseMs'>): Promise<Sighting> {
    const isLocked = await living.hold(worker)
    const performs = (step: Step) => election?.performs(step) ?? true
    return { worker, leaseMs, safeMs: Math.max(patienceMs, leaseMs), isLocked, performs }
  }

  function close(): void {
    unlisten()
    election?.close()
    wakes.close()
    living.close()
  }

  return { wakes, living, election, canWake: channel !== undefined, sight, close }
}
