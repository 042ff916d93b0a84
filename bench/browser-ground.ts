import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright'
import { find } from '../scripts/ready/programs.mjs'
import { BrowserSite } from './browser-site.ts'
import type { Ground } from './suite.ts'

/**
 * One Chromium for all runs of all contenders, and a site that it visits. Its profile is on disk, as users have it: a
 * private window keeps databases in memory, which is another engine. The programs find the browser by its endpoint, and
 * each run has an origin to itself: databases, locks and a page that nobody used before.
 */
export async function browserGround(): Promise<Ground> {
  const site = await BrowserSite.open()
  const profile = await mkdtemp(join(tmpdir(), 'quayside-bench-'))
  const context = await launch(profile)
  return {
    about: { chromium: `${context.browser()?.version()}, headless, profile on disk` },
    settings: { endpoint: await endpointOf(profile), port: site.port },
    // A run closes its own pages; one that failed has left some.
    clear: async () => {
      const [blank, ...left] = context.pages()
      await Promise.all([blank?.goto('about:blank'), ...left.map((page) => page.close())])
    },
    close: async () => {
      await context.close()
      await site.close()
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

function launch(profile: string): Promise<BrowserContext> {
  const executablePath = find('chromium')
  if (!executablePath) {
    throw new Error('There is no Chromium here; on Debian: apt-get install chromium-headless-shell')
  }
  // A browser that asks no host but ours. Playwright keeps its pages visible and their timers unthrottled.
  const hosts = ['MAP * ~NOTFOUND', ...['localhost', '*.localhost', '127.0.0.1'].map((host) => `EXCLUDE ${host}`)]
  const args = ['--disable-gpu', '--disable-quic', `--host-resolver-rules=${hosts.join(', ')}`]
  return chromium.launchPersistentContext(profile, {
    executablePath,
    args: [...args, '--remote-debugging-port=0'],
    // Whoever stops us stops the run first: main.ts closes the ground then, and Playwright must not end the process before.
    handleSIGINT: false,
    handleSIGTERM: false,
  })
}

/** Chromium chooses the port, and writes it down. */
async function endpointOf(profile: string): Promise<string> {
  const [port] = (await readFile(join(profile, 'DevToolsActivePort'), 'utf8')).split('\n')
  return `http://127.0.0.1:${port}`
}
