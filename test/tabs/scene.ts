import { expect, type TestContext } from 'vitest'
import { eventually } from '../faults/eventually.ts'
import { Browser } from './browser.ts'
import { type Fate, judge, type Verdict } from './judge.ts'
import type { Note, PageOrders } from './orders.ts'
import { Site } from './site.ts'
import { Tab } from './tab.ts'

/** The ways in which a page ends. */
export const DEATHS = ['close', 'crash', 'navigate', 'reload'] as const

export type Death = (typeof DEATHS)[number]

/** What a test plays in: a browser, tabs with a page that enqueues and performs, and the server that they tell. */
export class Scene {
  readonly site: Site
  readonly browser: Browser = new Browser()
  readonly #orders: Omit<PageOrders, 'tab'>
  readonly #fates = new Map<string, Fate>()
  #tabs = 0

  private constructor(site: Site, orders: Omit<PageOrders, 'tab'>) {
    this.site = site
    this.#orders = orders
  }

  /** Ends with the test, whatever becomes of that. */
  static async open({ onTestFinished }: TestContext, orders: Omit<PageOrders, 'tab'>): Promise<Scene> {
    const scene = new Scene(await Site.open(), orders)
    onTestFinished(async () => {
      await scene.browser.destroy()
      await scene.site.close()
    })
    await scene.browser.start()
    return scene
  }

  /** A new tab, whose worker has started. */
  async tab(): Promise<Tab> {
    const name = `tab-${++this.#tabs}`
    const tab = await Tab.open(name, this.browser.devTools, this.#address(name))
    await this.#ready(tab)
    return tab
  }

  async tabs(count: number): Promise<Tab[]> {
    return Promise.all(Array.from({ length: count }, () => this.tab()))
  }

  /** The page in this tab. */
  page({ name }: Tab): string {
    return this.site.page(name)
  }

  /** Ends the page of a tab. Answers when it began to. */
  async end(tab: Tab, death: Death): Promise<number> {
    const at = this.#gone(this.page(tab))
    if (death === 'navigate') await tab.go(this.site.elsewhere)
    else await tab[death]()
    return at
  }

  /** Brings a tab back whose page has ended, or opens another one. */
  async replace(tab: Tab, death: Death): Promise<Tab> {
    if (death === 'close' || death === 'crash') return this.tab()
    if (death === 'navigate') await tab.go(this.#address(tab.name))
    await this.#ready(tab)
    return tab
  }

  /** Kills the browser with all that is open in it. */
  async kill(): Promise<void> {
    for (let tab = 1; tab <= this.#tabs; tab++) this.#gone(this.site.page(`tab-${tab}`))
    await this.browser.kill()
  }

  /** Answers when it began to. */
  async freeze(tab: Tab): Promise<number> {
    const from = performance.now()
    this.#fate(this.page(tab)).frozen.push({ from, to: Number.POSITIVE_INFINITY })
    await tab.freeze()
    return from
  }

  async resume(tab: Tab): Promise<void> {
    await tab.resume()
    const last = this.#fate(this.page(tab)).frozen.at(-1)
    if (last) last.to = performance.now()
  }

  /** When a run of this job began, the first one unless another is asked for. */
  begun(id: string, run = 1): Promise<Note> {
    let runs = 0
    const isSuch = (note: Note) => note.id === id && note.what === 'begun' && ++runs === run
    return this.site.noted(`run ${run} of ${id} begins`, isSuch)
  }

  noted(what: Note['what'], id = '', who?: string): Promise<Note> {
    const isSuch = (note: Note) => note.what === what && note.id === id && (who ?? note.who) === note.who
    return this.site.noted(`${who ?? 'a page'} notes '${what}' ${id}`, isSuch)
  }

  /** Waits until no job waits or runs any more, and judges. */
  async judge(tab: Tab): Promise<Verdict> {
    await eventually('all jobs are done', async () => (await tab.call('unfinished')) === 0, 60_000)
    const [dead, kept] = await Promise.all([tab.call('dead'), tab.call('kept')])
    return judge(this.site.notes, this.#fates, { dead, kept })
  }

  #address(tab: string): string {
    return this.site.address({ ...this.#orders, tab })
  }

  async #ready(tab: Tab): Promise<void> {
    const isNew = ({ what, who }: Note) => what === 'ready' && who === this.page(tab) && !this.#fates.get(who)?.goneAt
    await this.site.noted(`${tab.name} is ready`, isNew)
  }

  #fate(page: string): Fate {
    const fate = this.#fates.get(page) ?? { frozen: [] }
    this.#fates.set(page, fate)
    return fate
  }

  #gone(page: string): number {
    const fate = this.#fate(page)
    fate.goneAt ??= performance.now()
    return fate.goneAt
  }
}

/** Nothing went wrong with any job. */
export function expectFaultless(verdict: Verdict): void {
  expect(verdict).toMatchObject({ lost: [], overlapping: [], unexplained: [] })
}
