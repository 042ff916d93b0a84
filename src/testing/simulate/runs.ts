import { must, type Violation } from './violation.ts'

/** What became of runs, as the processes tell. */
export class Runs {
  readonly #isCalm: boolean
  readonly #fail: (violation: Violation) => void
  readonly #completed = new Set<string>()
  /** By whom a job was last completed; forgotten when somebody starts it again. */
  readonly #completedBy = new Map<string, string>()
  count = 0

  /** @param isCalm nothing happens that would excuse a job that is performed again after it was done */
  constructor(isCalm: boolean, fail: (violation: Violation) => void) {
    this.#isCalm = isCalm
    this.#fail = fail
  }

  started(jid: string, where: string): void {
    this.count++
    this.#completedBy.delete(jid)
    if (!this.#isCalm || !this.#completed.has(jid)) return
    this.#try(() =>
      must(false, () => `${where} performs a job again that was done, and nothing happened to excuse it`, jid),
    )
  }

  completed(jid: string, where: string): void {
    this.#completed.add(jid)
    this.#completedBy.set(jid, where)
  }

  /** A process has ended, and whatever it knew. */
  ended(where: string): void {
    for (const [jid, by] of this.#completedBy) if (by === where) this.#completedBy.delete(jid)
  }

  /** The store believes that a worker has lost a job. */
  givenBack(jid: string, where: string): void {
    const isDone = this.#completedBy.get(jid) === where
    this.#try(() => must(!isDone, () => `${where} has done the job, and does not know of it any more`, jid))
  }

  /** The storage was told that the job is done. */
  settled(jid: string): void {
    this.#try(() =>
      must(this.#completed.has(jid), () => 'the job was settled as done, and no run of it was completed', jid),
    )
  }

  #try(check: () => void): void {
    try {
      check()
    } catch (violation) {
      this.#fail(violation as Violation)
    }
  }
}
