import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { OpenStorage } from '../../storage.ts'
import { type KeptJob, KeptMemory } from './kept-memory.ts'

// How the jobs in a memory get from one watched process to the next: both speak to the outer one.

interface Message {
  readonly jobs: readonly KeptJob[]
}

/** The inner process: takes the jobs over at its start, and hands them over at its end, also when it fails. */
export class MemoryRelay {
  #before: readonly KeptJob[] = []
  #memory: KeptMemory | undefined

  async takeOver(): Promise<void> {
    const [{ jobs }] = (await once(process, 'message')) as [Message]
    this.#before = jobs
  }

  /** Only one memory is kept: an app has one. */
  readonly keep = (memory: OpenStorage): OpenStorage => {
    if (this.#memory) return memory
    this.#memory = new KeptMemory(memory, this.#before)
    return this.#memory.open
  }

  async handOver(): Promise<void> {
    const jobs = this.#memory ? await this.#memory.jobs() : this.#before
    await new Promise((resolve) => process.send?.({ jobs } satisfies Message, resolve))
  }
}

/** The outer process. A worker that crashes takes what it kept in memory with it. */
export class MemoryKeeper {
  #jobs: readonly KeptJob[] = []

  serve(child: ChildProcess): void {
    const jobs = this.#jobs
    this.#jobs = []
    child.send({ jobs } satisfies Message, (error) => {
      if (error) this.#jobs = jobs // it ended before it could take them
    })
    child.on('message', ({ jobs }: Message) => {
      this.#jobs = jobs
    })
  }
}
