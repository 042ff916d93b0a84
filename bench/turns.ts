import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { rubyProgram } from './measured/redis/ruby.mjs'
import type { Case, Figures, Ground, Settings } from './suite.ts'

/** The figures of all runs, by variant, in the order in which they ran. */
export type Runs = Readonly<Record<string, readonly Figures[]>>

interface Measuring {
  readonly runs: number
  readonly jobs: number
  readonly ground: Ground | undefined
  /** Ends the run that is under way, and all. */
  readonly signal: AbortSignal
  readonly onRun: () => void
}

/**
 * Measures a case: each run of each variant in a fresh process, in turns. A machine that slows down for a minute slows
 * down all of them.
 */
export async function inTurns(each: Case, { runs, jobs, ground, signal, onRun }: Measuring): Promise<Runs> {
  const variants = Object.entries(each.variants)
  const found: Record<string, Figures[]> = Object.fromEntries(variants.map(([name]) => [name, []]))
  for (let run = 0; run < runs; run++) {
    for (const [name, settings] of variants) {
      await ground?.clear()
      found[name]?.push(await measured(each, name, { ...ground?.settings, ...settings(jobs) }, signal))
      onRun()
    }
  }
  return found
}

/** Far longer than any run should take: what hangs is to be seen, not waited for. */
const TIMEOUT_MS = 120_000

async function measured(each: Case, variant: string, settings: Settings, signal: AbortSignal): Promise<Figures> {
  const { command, args } = programOf(each, variant, settings)
  try {
    const { stdout } = await promisify(execFile)(command, args, { timeout: TIMEOUT_MS, signal })
    return JSON.parse(stdout)
  } catch (error) {
    throw new Error(`${each.name}, ${variant}: ${error instanceof Error ? error.message : error}`)
  }
}

function programOf({ program, programs = {}, flags = [] }: Case, variant: string, settings: Settings) {
  const chosen = programs[variant] ?? program
  if (chosen.endsWith('.rb')) return rubyProgram(chosen, settings)
  const file = fileURLToPath(new URL(`measured/${chosen}`, import.meta.url))
  return { command: process.execPath, args: [...flags, file, JSON.stringify(settings)] }
}
