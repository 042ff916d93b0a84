import type { Context } from '../context.ts'
import type { Signal, Storage, WorkerAbout } from '../storage.ts'
import type { Availability } from './availability.ts'
import type { Measurer } from './measurer.ts'
import type { NetworkGate } from './network-gate.ts'
import type { SoloGate } from './solo-gate.ts'
import type { WorkPlan } from './work-options.ts'

/** What all parts of one worker share. */
export interface Station {
  readonly context: Context
  readonly storage: Storage
  readonly availability: Availability
  readonly gate: SoloGate
  readonly network: NetworkGate
  readonly measurer: Measurer
  readonly plan: WorkPlan
  /** The worker's id, and what it tells about itself. */
  readonly worker: string
  readonly about: WorkerAbout
  /** True once the worker is quiet: nothing more is claimed. */
  readonly stopping: boolean
  obey(signal: Signal): void
}
