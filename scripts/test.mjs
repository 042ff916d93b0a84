// The whole test suite. Ends with one line alone, "N passed, N failed", and with 0 only when all tests ran and passed.
// Arguments go to Vitest: npm test -- retry, npm test -- --project node

import { dist } from './ready/dist.mjs'
import { packages } from './ready/packages.mjs'
import { program } from './ready/program.mjs'
import { testPrograms } from './ready/programs.mjs'

await program(async () => {
  await packages()
  await testPrograms()
  await dist()

  // Not before the packages are there.
  const { parseCLI, startVitest } = await import('vitest/node')
  const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)])
  const vitest = await startVitest('test', filter, options)

  const { passed, failed } = count(vitest, filter)
  console.log(`${passed} passed, ${failed} failed`)
  // At once, so that nothing that a test left running prints after that line.
  process.exit(failed > 0 || passed === 0 ? 1 : process.exitCode)
})
// Nothing comes this far but a failure on the way to the tests.
console.log('0 passed, 1 failed')

/**
 * Everything that is not a passed test counts as failed: a file that did not load, a hook or a stray promise that threw,
 * a test that never began, and one that was skipped.
 * @param {import('vitest/node').Vitest} vitest
 * @param {string[]} filter
 */
function count(vitest, filter) {
  let passed = 0
  let failed = vitest.state.getUnhandledErrors().length
  const modules = vitest.state.getTestModules()
  for (const module of modules) {
    const suites = [module, ...module.children.allSuites()]
    failed += suites.filter((suite) => suite.errors().length > 0).length
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      if (state === 'passed') passed++
      else if (state !== 'skipped') failed++
      else if (!isNarrowed(vitest, filter)) {
        failed++
        console.log(`Skipped, which counts as failed: ${module.relativeModuleId} > ${test.fullName}`)
      }
    }
  }
  return { passed, failed }
}

/**
 * Whether somebody asked for some tests of a file only: `-t name`, or `file:line`.
 * @param {import('vitest/node').Vitest} vitest
 * @param {string[]} filter
 */
function isNarrowed(vitest, filter) {
  return vitest.config.testNamePattern !== undefined || filter.some((path) => /:\d+$/.test(path))
}
