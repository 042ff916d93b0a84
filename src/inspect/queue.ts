import type { Context } from '../context.ts'
import type { QueueState } from '../storage.ts'
import { StoredJobs } from './stored-jobs.ts'

/** A queue: jobs that can run now. */
export class Queue extends StoredJobs {
  readonly name: string

  constructor(context: Context, name: string) {
    super(context, { queue: name })
    this.name = name
  }

  /** How long its next job has waited, in milliseconds; 0 when it is empty. */
  async latencyMs(): Promise<number> {
    return (await this.#state())?.latencyMs ?? 0
  }

  async isPaused(): Promise<boolean> {
    return (await this.#state())?.paused ?? false
  }

  /** Workers pass over it until `resume`; jobs can still be pushed. Ruby's workers do not know of this. */
  async pause(): Promise<void> {
    await (await this.context.storage()).pause(this.name, true)
  }

  async resume(): Promise<void> {
    await (await this.context.storage()).pause(this.name, false)
  }

  async #state(): Promise<QueueState | undefined> {
    return (await (await this.context.storage()).queues()).find(({ name }) => name === this.name)
  }
}
