/** How many are remembered. */
const KEPT = 1_000

/**
 * The jids that this app heard of last: of jobs that it enqueued, and of jobs that were done while it watched. Storages
 * keep nothing of a job that is done; this tells one from a job that never was.
 */
export class KnownJids {
  readonly #jids: string[] = []
  #count = 0

  add(jid: string): void {
    this.#jids[this.#count++ % KEPT] = jid
  }

  has(jid: string): boolean {
    return this.#jids.includes(jid)
  }
}
