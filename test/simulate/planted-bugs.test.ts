import { describe, expect, test } from 'vitest'
import { findBug } from './find-bug.ts'
import { plantedBugs } from './planted-bugs.ts'

/** A bug that hides longer than this shows that an invariant is missing. */
const SEEDS = 2_000

describe.concurrent('the simulation finds the bug', () => {
  test.each(plantedBugs)('$name', { timeout: 300_000 }, async (bug) => {
    const found = await findBug(bug, SEEDS)
    expect(found, `not found in ${SEEDS} seeds: ${bug.name}`).toBeDefined()
    console.log(`seed ${found?.seed} finds that ${bug.name}: ${found?.message}`)
  })
})
