import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Case, Figures, Settings } from './suite.ts'

/** The figures of all runs, by variant, in the order in which they ran. */
export type Runs = Readonly<Record<string, readonly Figures[]>>

/**
 * Measures a case: each run of each variant in a fresh process, in turns. A machine that slows down for a minute slows
 * down all of them.
 */
export async function inTurns(
  each: Case,
  { runs, jobs, onRun }: { runs: number; jobs: number; onRun: () => void },
): Promise<Runs> {
  const variants = Object.entries(each.variants)
  const found: Record<string, Figures[]> = Object.fromEntries(variants.map(([name]) => [name, []]))
  for (let run = 0; run < runs; run++) {
    for (const [name, settings] of variants) {
      found[name]?.push(await measured(each, settings(jobs)))
      onRun()
    }
  }
  return found
}

/** Far longer than any run should take: what hangs is to be seen, not waited for. */
const TIMEOUT_MS = 120_000

async function measured({ program, flags = [] }: Case, settings: Settings): Promise<Figures> {
  const file = fileURLToPath(new URL(`measured/${program}`, import.meta.url))
  const args = [...flags, file, JSON.stringify(settings)]
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: TIMEOUT_MS })
  return JSON.parse(stdout)
}
