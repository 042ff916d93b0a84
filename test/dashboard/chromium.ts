import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright'
import { afterAll, onTestFinished } from 'vitest'
import { find } from '../../scripts/ready/programs.mjs'
import type { Dashboard } from '../../src/dashboard/index.ts'
import { toNodeHandler } from '../../src/dashboard/node.ts'

let browser: Promise<Browser> | undefined

/** A server of its own for a dashboard, and a window of Chromium in front of it, until the test is over. */
export async function chromiumOn(handler: Dashboard, options: BrowserContextOptions = {}) {
  const server = createServer(toNodeHandler(handler)).listen(0, '127.0.0.1')
  onTestFinished(() => server.closeAllConnections())
  onTestFinished(() => void server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  browser ??= chromium.launch({ executablePath: find('chromium') ?? '', args: ['--disable-gpu'] })
  const context = await (await browser).newContext({ baseURL: origin, ...options })
  onTestFinished(() => context.close())
  // Sooner than the test's own end: this names what was waited for.
  context.setDefaultTimeout(15_000)
  const page = await context.newPage()
  return { page, complaints: complaintsOf(page) }
}

afterAll(async () => (await browser)?.close())

/** What a page says in its console: errors of scripts, and all that its policy has stopped. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  return complaints
}

/** Lets the script of a page ask for the numbers at once, as it does when somebody comes back to its tab. */
export const comeBack = (page: Page): Promise<void> =>
  page.evaluate(() => void document.dispatchEvent(new Event('visibilitychange')))
