// Makes ready what a command needs, so that each works in a fresh checkout: node scripts/ready.mjs packages dist
// Only Node's own modules may be imported here: nothing else is installed yet.

import { join } from 'node:path'
import { dist } from './ready/dist.mjs'
import { packages } from './ready/packages.mjs'
import { Failure, program, root } from './ready/program.mjs'
import { browserPrograms, testPrograms } from './ready/programs.mjs'

/** @type {Record<string, () => Promise<void>>} */
const steps = {
  packages,
  dist,
  programs: testPrograms,
  browsers: browserPrograms,
  bench: () => packages(join(root, 'bench')),
  mutation: () => packages(join(root, 'mutation')),
}

await program(async () => {
  for (const name of process.argv.slice(2)) {
    const step = steps[name]
    if (!step) throw new Failure(`There is no step ${name}; the steps are ${Object.keys(steps).join(', ')}.`)
    await step()
  }
})
