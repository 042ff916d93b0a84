import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import manifest from './package.json' with { type: 'json' }
import { bundled } from './scripts/bundled.mjs'
import { find } from './scripts/ready/programs.mjs'

/** What package.json exports, from the name that users import to the source that it is built from. */
const entries = Object.entries(manifest.exports).flatMap(([name, target]) =>
  typeof target === 'string' ? [] : [{ name: manifest.name + name.slice(1), source: sourceOf(target.default) }],
)

/** Programs that a thread of its own or a shell runs: nothing imports them. */
const programs = ['adapters/redis/lease/lease-thread.ts', ...Object.values(manifest.bin).map(sourceOf)]

/** Tests import the package as users do, and get the sources. */
const alias = entries.map(({ name, source }) => ({
  find: new RegExp(`^${name}$`),
  replacement: `${import.meta.dirname}/${source}`,
}))

const launchOptions = {
  executablePath: find('chromium'),
  // A browser that asks no host but ours, on a network or without one.
  args: [
    '--disable-gpu',
    '--disable-quic',
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
  ],
}

function sourceOf(built: string): string {
  return built.replace('./dist/', '').replace(/\.js$/, '.ts')
}

/**
 * A page of a test file keeps its databases in memory, as a private window does. With a profile they are on disk, as
 * users have them: another engine, which knows quotas and does not free what is deleted.
 */
function browser(
  name: string,
  files: { include: string[]; exclude?: string[] },
  profile?: string,
): TestProjectInlineConfiguration {
  return {
    extends: true,
    // Named ahead of time: a dependency found during the run would reload the page under the tests.
    optimizeDeps: { include: Object.keys(manifest.dependencies), noDiscovery: true },
    test: {
      name,
      ...files,
      // One profile is for one browser at a time.
      ...(profile ? { fileParallelism: false } : {}),
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({ launchOptions, ...(profile ? { persistentContext: profile } : {}) }),
        instances: [{ browser: 'chromium' }],
      },
    },
  }
}

const profile = join(tmpdir(), `quayside-profile-${process.pid}`)
process.on('exit', () => rmSync(profile, { recursive: true, force: true }))

export default defineConfig({
  plugins: [bundled()],

  build: {
    target: 'es2022',
    minify: false,
    sourcemap: true,
    lib: { formats: ['es'], entry: [...entries.map(({ source }) => source), ...programs] },
    rolldownOptions: {
      external: [/^node:/, ...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)],
      // One file for each source, in the same folders: readable stacks, and the declarations fit beside them.
      output: { preserveModules: true, preserveModulesRoot: import.meta.dirname, entryFileNames: '[name].js' },
    },
    // The build script empties dist, since tsc writes there at the same time.
    emptyOutDir: false,
  },

  test: {
    alias,
    coverage: { include: ['src/**/*.ts', 'adapters/**/*.ts'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/browser/**', 'test/tabs/**'],
          // No test waits for time to pass: this only tells a test that hangs from a machine that is busy.
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      // They run in Node, and drive browsers of their own from outside.
      { extends: true, test: { name: 'tabs', include: ['test/tabs/**/*.test.ts'], hookTimeout: 30_000 } },
      browser('browser', { include: ['test/browser/**/*.test.ts'], exclude: ['test/browser/disk/**'] }),
      browser('browser-disk', { include: ['test/browser/disk/**/*.test.ts'] }, profile),
    ],
  },
})
