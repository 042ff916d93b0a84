import fc from 'fast-check'
import type { ConformanceOptions, StoreSettings } from '../conformance/index.ts'
import { commands } from './commands.ts'
import { Trial } from './trial.ts'

export interface ContractPropertiesOptions extends Pick<ConformanceOptions, 'test' | 'createStore'> {
  /** How many lists of commands are tried. Default 1,000; few for a store that is slow. */
  readonly runs?: number
  /** A failure prints the seed that makes the same lists again. */
  readonly seed?: number
}

const SETTINGS: StoreSettings = { namespace: 'properties', dead: { max: 10_000, forMs: 180 * 86_400_000 } }

/**
 * Holds a storage to a small model of the contract: any list of calls gets the same answers from both, and leaves the
 * same jobs in the same places in the same order. What fails is made as short as it can be.
 */
export function contractProperties({ test, createStore, runs = 1_000, seed }: ContractPropertiesOptions): void {
  test('any list of calls does what the model of the contract does', async () => {
    const property = fc.asyncProperty(commands, async (list) => {
      const harness = await createStore()
      const storage = await harness.open(SETTINGS)
      const trial = new Trial(storage, (ms) => harness.advance(ms))
      try {
        for (const command of list) await trial.say(command)
      } finally {
        await storage.close()
        await harness.destroy?.()
      }
    })
    await fc.assert(property, { numRuns: runs, endOnFailure: false, ...(seed === undefined ? {} : { seed }) })
  })
}
