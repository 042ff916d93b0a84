import { ConformanceError } from './assert.ts'
import { type Harness, withStore } from './store.ts'
import { topics } from './topics.ts'

export { ManualClock } from './manual-clock.ts'
export type { Harness, StoreSettings } from './store.ts'

export interface ConformanceOptions {
  /** The caller's test function: vitest's, node:test's, Deno.test and the like. */
  readonly test: (name: string, run: () => Promise<void>) => unknown
  /** Makes a new and empty store, for one test. */
  readonly createStore: () => Promise<Harness> | Harness
  /** What this storage cannot do: the name of a test, and the reason. The test's name then tells it. */
  readonly skip?: Readonly<Record<string, string>>
}

/**
 * Holds a storage to every sentence of the contract (`src/storage.ts`). Each test gets a store of its own, and its time
 * moves only forward, by the harness's hand. An adapter's test file is this one call:
 *
 * ```ts
 * conformance({
 *   test,
 *   createStore() {
 *     const clock = new ManualClock()
 *     const openStorage = myStorage()
 *     return {
 *       open: (settings) => openStorage({ ...settings, clock, logger: silentLogger }),
 *       advance: (ms) => clock.advance(ms),
 *     }
 *   },
 * })
 * ```
 */
export function conformance({ test, createStore, skip = {} }: ConformanceOptions): void {
  const reasons = new Map(Object.entries(skip))
  for (const [topic, tell] of topics) {
    tell((promise, run) => {
      const name = `${topic}: ${promise}`
      const reason = reasons.get(name)
      if (!reasons.delete(name)) test(name, async () => withStore(await createStore(), run))
      else test(`${name} (skipped: ${reason})`, async () => {})
    })
  }
  for (const name of reasons.keys()) throw new ConformanceError(`There is no test "${name}" to skip.`)
}
