import { defineConfig } from 'vitest/config'
import base from '../../vite.config.ts'
import { launch } from './provider.ts'

/** The tests of a page that need nothing of Chromium, in the other engines. */
export default defineConfig({
  root: `${import.meta.dirname}/../..`,
  // Named ahead of time: a dependency found during the run would reload the page under the tests.
  optimizeDeps: { include: ['idb', 'mitt', 'fast-check'] },
  test: {
    alias: base.test?.alias,
    include: ['test/browser/*.test.ts'],
    // One browser after the other, each with what time it needs.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: launch(),
      instances: [
        { browser: 'firefox', name: 'firefox' },
        { browser: 'webkit', name: 'webkit' },
      ],
    },
  },
})
