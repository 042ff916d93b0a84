import { defineConfig } from 'vitest/config'
import house from '../vite.config.ts'
import { areas } from './areas.ts'

/** For Stryker, which runs it in its copy of the house: only the tests of one area, and no browser. */
export default defineConfig({
  test: {
    alias: house.test?.alias ?? [],
    include: [...(areas[process.env.MUTATION_AREA ?? '']?.tests ?? [])],
    setupFiles: ['mutation/same-chance.ts'],
    // Code with all its mutants in it is slow, and a test that fails without any ends the run.
    testTimeout: 20_000,
  },
})
