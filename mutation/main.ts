// Breaks the code in every small way there is, and counts how often the tests notice: npm run mutate -- retry

import { Stryker } from '@stryker-mutator/core'
import { Failure, program } from '../scripts/ready/program.mjs'
import { type Area, areas } from './areas.ts'
import { type Mutants, score } from './score.ts'

await program(async () => {
  const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(areas)
  const asked = names.map((name) => [name, areaOf(name)] as const)
  for (const [name, area] of asked) {
    const start = performance.now()
    const mutants = await mutate(name, area)
    console.log(score(name, mutants, (performance.now() - start) / 1_000))
    console.log(`  each of them: ${report(name, 'html')}`)
  }
})

function areaOf(name: string): Area {
  const area = areas[name]
  if (area) return area
  throw new Failure(`There is no area ${name}; there are ${Object.keys(areas).join(', ')}.`)
}

/** A mutant that survives is a finding; only a run that broke rejects. */
function mutate(name: string, { mutate }: Area): Promise<Mutants> {
  // Read by the Vitest that Stryker starts.
  process.env.MUTATION_AREA = name
  return new Stryker({
    configFile: 'mutation/stryker.config.mjs',
    mutate: [...mutate],
    reporters: ['html', 'json', ...(process.stdout.isTTY ? ['progress'] : [])],
    htmlReporter: { fileName: report(name, 'html') },
    jsonReporter: { fileName: report(name, 'json') },
  }).runMutationTest()
}

function report(name: string, kind: 'html' | 'json'): string {
  return `.cache/mutation/${name}.${kind}`
}
