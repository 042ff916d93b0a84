// Everything about the code that can be told without running it, and the package as it would be published.

import { Failure, program } from './ready/program.mjs'
import { capture } from './ready/quietly.mjs'

const steps = [
  { name: 'types', command: 'tsc' },
  { name: 'types of the core', command: 'tsc -p src' },
  { name: 'lint and format', command: 'biome check --error-on-warnings' },
  { name: 'imports', command: 'node scripts/imports.mjs' },
  { name: 'dead code', command: 'knip' },
  { name: 'build', command: 'node scripts/build.mjs' },
  { name: 'package', command: 'publint --strict' },
  { name: 'published types', command: 'attw --pack . --profile esm-only' },
]

await program(async () => {
  const failed = []
  for (const { name, command } of steps) if (!(await holds(name, command))) failed.push(name)
  if (failed.length > 0) throw new Failure(`Failed: ${failed.join(', ')}`)
})

/**
 * @param {string} name
 * @param {string} command
 */
async function holds(name, command) {
  const start = performance.now()
  const [file = '', ...args] = command.split(' ')
  const { code, output } = await capture(file, args)
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'}  ${name}  ${seconds} s`)
  if (code !== 0) console.log(`\n${output.trim()}\n`)
  return code === 0
}
