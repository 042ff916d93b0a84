import fc from 'fast-check'
import type { Signal } from '../../src/storage.ts'

/** What may be asked of a storage. Whatever has to exist first is named by a number, and chosen among what there is. */
export type Command =
  | { readonly do: 'push'; readonly jobs: readonly { queue: string; minutes: number; lock: number | undefined }[] }
  | { readonly do: 'push again' }
  | {
      readonly do: 'exchange'
      readonly worker: number
      readonly settle: readonly { which: number; to: Destination; minutes: number; tally: 'ok' | 'failed' | 'none' }[]
      readonly queues: readonly string[]
      readonly limit: number
      /** The worker never hears the answer, unless it asks again. */
      readonly isLost: boolean
    }
  | { readonly do: 'exchange again'; readonly worker: number }
  | { readonly do: 'promote'; readonly limit: number }
  | { readonly do: 'beat'; readonly worker: number; readonly forgets: boolean }
  /** For longer than a lease only this worker is there; then it recovers. */
  | { readonly do: 'rescue'; readonly worker: number }
  | { readonly do: 'signal'; readonly worker: number; readonly signal: Signal }
  | { readonly do: 'recover' | 'retire'; readonly worker: number }
  | { readonly do: 'cancel'; readonly which: number }
  | {
      readonly do: 'move'
      readonly place: number
      readonly which: number
      readonly to: number
      readonly minutes: number
    }
  | { readonly do: 'remove'; readonly place: number; readonly which: number }
  | { readonly do: 'clear'; readonly place: number }
  | { readonly do: 'pause'; readonly queue: string; readonly paused: boolean }
  | { readonly do: 'lock' | 'unlock'; readonly key: number; readonly owner: number }
  | { readonly do: 'write'; readonly name: number; readonly text: string | undefined; readonly isCurrent: boolean }
  | { readonly do: 'wait'; readonly minutes: number }

type Destination = 'nowhere' | 'retry' | 'scheduled' | 'dead' | 'queue'

export const QUEUES: readonly string[] = ['critical', 'default', 'low']

const number = fc.nat(20)
const minutes = fc.integer({ min: 0, max: 6 })
const later = fc.integer({ min: 1, max: 6 })
const worker = fc.nat(2)
const queue = fc.constantFrom(...QUEUES)
const aPlace = fc.nat(5)
const tally = fc.constantFrom('ok' as const, 'failed' as const, 'none' as const)
const destination = fc.constantFrom<Destination>('nowhere', 'retry', 'scheduled', 'dead', 'queue')

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('push' as const),
      jobs: fc.array(fc.record({ queue, minutes, lock: fc.option(fc.nat(2), { nil: undefined, freq: 2 }) }), {
        maxLength: 4,
      }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('exchange' as const),
      worker,
      settle: fc.array(fc.record({ which: number, to: destination, minutes: later, tally }), { maxLength: 3 }),
      queues: fc.uniqueArray(queue, { maxLength: 3 }),
      limit: fc.nat(4),
      isLost: fc.nat(4).map((chance) => chance === 0),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'push again' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('exchange again' as const), worker }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('promote' as const), limit: fc.nat(5) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('beat' as const),
      worker,
      forgets: fc.nat(3).map((chance) => chance === 0),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('signal' as const),
      worker,
      signal: fc.constantFrom<Signal>('quiet', 'stop', 'dump'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('recover' as const), worker }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('rescue' as const), worker }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('retire' as const), worker }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), which: number }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('move' as const),
      place: aPlace,
      which: number,
      to: aPlace,
      minutes: later,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), place: aPlace, which: number }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const), place: aPlace }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pause' as const), queue, paused: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('lock' as const, 'unlock' as const), key: fc.nat(2), owner: number }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      name: fc.nat(2),
      text: fc.option(fc.string({ maxLength: 5 }), { nil: undefined }),
      isCurrent: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: later }) },
)

export const commands: fc.Arbitrary<Command[]> = fc.array(command, { minLength: 1, maxLength: 60, size: 'max' })
