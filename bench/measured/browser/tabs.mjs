import { randomUUID } from 'node:crypto'
import { chromium } from 'playwright'

/** @typedef {{ endpoint: string, port: number }} Place where the browser of the bench is, and its site */

/** Tabs of one origin that nobody used before, so that nothing of other runs slows it down. */
export class Tabs {
  #context
  #origin

  /** @param {Place} place */
  static async open({ endpoint, port }) {
    const browser = await chromium.connectOverCDP(endpoint)
    const [context] = browser.contexts()
    if (!context) throw new Error('The browser has no profile open.')
    return new Tabs(context, `http://run-${randomUUID()}.localhost:${port}`)
  }

  /** @param {import('playwright').BrowserContext} context @param {string} origin */
  constructor(context, origin) {
    this.#context = context
    this.#origin = origin
  }

  async tab() {
    const page = await this.#context.newPage()
    page.on('pageerror', (error) => {
      throw error
    })
    await page.goto(this.#origin)
    return new Tab(page, await this.#context.newCDPSession(page))
  }

  /** Closes tabs, and deletes what their origin stored: the next run is not to share the disk with it. */
  async close(/** @type {Tab[]} */ ...tabs) {
    const session = await this.#context.newCDPSession(await this.#context.newPage())
    await Promise.all(tabs.map((tab) => tab.close()))
    await session.send('Storage.clearDataForOrigin', { origin: this.#origin, storageTypes: 'all' })
  }
}

class Tab {
  #page
  #session

  /** @param {import('playwright').Page} page @param {import('playwright').CDPSession} session */
  constructor(page, session) {
    this.#page = page
    this.#session = session
  }

  /**
   * Calls one of the functions of `page/main.mjs`, with one argument.
   * @template {keyof import('./page/main.mjs').Bench} Name
   * @param {Name} name
   * @param {Parameters<import('./page/main.mjs').Bench[Name]>[0]} argument
   * @returns {Promise<Awaited<ReturnType<import('./page/main.mjs').Bench[Name]>>>}
   */
  call(name, argument) {
    return this.#page.evaluate(
      ([name, argument]) => /** @type {any} */ (globalThis).bench[name](argument),
      /** @type {const} */ ([name, argument]),
    )
  }

  /** Lets pages call a function of ours. @param {string} name @param {(value: any) => void} callback */
  async expose(name, callback) {
    await this.#page.exposeFunction(name, callback)
  }

  /** Slows the processor down for this tab. @param {number} times */
  async slowDown(times) {
    await this.#session.send('Emulation.setCPUThrottlingRate', { rate: times })
  }

  /** Its process dies; there is no answer. */
  crash() {
    this.#session.send('Page.crash').catch(() => {})
    return new Promise((resolve) => this.#page.once('crash', resolve))
  }

  async close() {
    await this.#page.close()
  }
}
