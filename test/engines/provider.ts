import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineBrowserProvider } from '@vitest/browser'
import type { BrowserProvider, BrowserProviderOption } from 'vitest/node'
import type { Child } from './child.ts'
import { type Engine, engines } from './engines.ts'

/**
 * Has Vitest open its page as a user would: by starting a browser with the page's address. The page finds its own way
 * back to Vitest, so no driver is needed.
 */
export function launch(): BrowserProviderOption {
  return defineBrowserProvider({
    name: 'launch',
    supportedBrowser: Object.keys(engines),
    providerFactory: ({ config }) => new Launch(engines[config.browser.name as keyof typeof engines]),
  })
}

class Launch implements BrowserProvider {
  readonly name = 'launch'
  readonly supportsParallelism = false
  readonly #engine: Engine
  #running: readonly Child[] = []

  constructor(engine: Engine) {
    this.#engine = engine
  }

  getCommandsContext = (): Record<string, unknown> => ({})

  async openPage(_session: string, url: string): Promise<void> {
    const profile = mkdtempSync(join(tmpdir(), 'quayside-engine-'))
    this.#running = await this.#engine(url, profile)
    // Behind the end of what runs. What was killed may still be on its way out, and writing: hence more than one try.
    process.on('exit', () => rmSync(profile, { recursive: true, force: true, maxRetries: 10 }))
  }

  async close(): Promise<void> {
    await Promise.all(this.#running.map((each) => each.end()))
  }
}
