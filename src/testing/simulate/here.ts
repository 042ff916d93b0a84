import type { Clock } from '../../clock.ts'
import type { Duration } from '../../duration.ts'
import type { Quayside } from '../../quayside.ts'

/** A simulated process, as the code that runs in it sees it. After a crash the next life has a new one. */
export interface Here {
  /** `worker-1`, `client-2` and so on; the same in each life. */
  readonly name: string
  readonly app: Quayside
  /** This process's own clock, which may be wrong. */
  readonly clock: Clock
  /** True once all faults are off for good: a good time for a client to come to an end. */
  readonly isHealed: boolean
  /** True while this process has no network: a job that requires one should throw a NetworkUnavailableError then. */
  readonly isOffline: boolean
  /** Resolves after this time, by this process's clock. Real timers mean nothing here. */
  sleep(time: Duration): Promise<void>
  /** A number from 0 up to but not including 1, from the seed. */
  random(): number
  /** Ends this process at once, as SIGKILL does; it starts again later. What is awaited here never comes. */
  crash(): Promise<never>
  /** Nothing happens in this process for so long, as under SIGSTOP or a busy loop; then all that was due at once. */
  freeze(time: Duration): void
  /** Says that somebody was promised this job: from now on it must not be missing. */
  acknowledged(jid: string | null): void
}

/** What happens in the processes. */
export interface Scenario<Jobs> {
  /** Defines the app's jobs. Called in each process, whenever it starts. */
  readonly define: (here: Here) => Jobs
  /** What a client does. It may die at any moment, and begins again when its process starts again. */
  readonly drive: (here: Here, jobs: Jobs) => Promise<void> | void
  /** Looks at the end whether all is as it should be, when no job is left, and throws if not. */
  readonly verify?: ((here: Here, jobs: Jobs) => Promise<void> | void) | undefined
}
