/** What holds for all areas. Stryker runs at the root of the repository: paths begin there. */
export default {
  testRunner: 'vitest',
  plugins: [import.meta.resolve('@stryker-mutator/vitest-runner')],
  vitest: { configFile: 'mutation/vitest.config.ts' },
  coverageAnalysis: 'perTest',
  // What a module does while it is loaded would have to be tried with all the tests.
  ignoreStatic: true,
  concurrency: 2,
  timeoutMS: 5_000,
  // No file has this name: Stryker would rewrite it, with an API that TypeScript 7 has not.
  tsconfigFile: 'none.json',
  disableTypeChecks: false,
  // What the tests do without. Copying it takes time, and a link in it that leads nowhere breaks the copy.
  ignorePatterns: ['.cache', 'bench', 'coverage', 'demo', 'dist', 'docs'],
  tempDirName: '.cache/mutation/houses',
  cleanTempDir: 'always',
  logLevel: 'warn',
}
