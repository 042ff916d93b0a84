import { expect, test } from 'vitest'
import { Random } from '../../src/testing/simulate/random.ts'
import { sleep } from '../faults/eventually.ts'
import { type Enqueue, MODES } from './orders.ts'
import { amount } from './proof.ts'
import { DEATHS, type Death, expectFaultless, Scene } from './scene.ts'
import type { Tab } from './tab.ts'

const TABS = 8
const LASTS_MS = amount(12_000, 60_000)

/** Longer than a page on a busy machine may be silent, shorter than some are frozen. */
const PATIENCE_MS = 12_000

test.for(MODES)(
  `${TABS} tabs are opened, ended and frozen at random: nothing is lost, tabs: %s`,
  { timeout: LASTS_MS + 180_000 },
  async (mode, context) => {
    const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
    const chaos = new Chaos(await Scene.open(context, { mode, storage: { patience: `${PATIENCE_MS}ms` } }), seed)
    context.onTestFailed(() => console.log(`SEED=${seed}`))
    const done = await chaos.run()
    const last = await chaos.end()
    const verdict = await chaos.scene.judge(last)
    const { stored, performedAgain, robbed, dead } = verdict
    console.log(
      `${TABS} tabs for ${LASTS_MS / 1_000} s, tabs: ${mode}, SEED=${seed}: ${done}; ${stored} jobs acknowledged, ` +
        `${verdict.lost.length} lost, ${performedAgain} performed twice, ${robbed} robbed, ${dead} dead after three recoveries`,
    )
    expectFaultless(verdict)
    expect(stored).toBeGreaterThan(TABS)
  },
)

const MIX: readonly Omit<Enqueue, 'id'>[] = [{}, { ms: 50 }, { ms: 500 }, { fails: 1 }, { wait: '500ms' }]

/** Does one thing after the other to some tab, all chosen by a seed. When it takes effect is up to the browser. */
class Chaos {
  readonly scene: Scene
  readonly #random: Random
  readonly #done = new Map<string, number>()
  readonly #thaws = new Map<Tab, Promise<void>>()
  readonly #over = new AbortController()
  #tabs: Tab[] = []
  #jobs = 0

  constructor(scene: Scene, seed: number) {
    this.scene = scene
    this.#random = new Random(seed, 'chaos')
  }

  /** Answers what was done, and how often. */
  async run(): Promise<string> {
    this.#tabs = await this.scene.tabs(TABS)
    for (const end = performance.now() + LASTS_MS; performance.now() < end; ) {
      const tab = this.#random.pick(this.#tabs.filter((tab) => !this.#thaws.has(tab)))
      if (tab) await this.#act(tab)
      await sleep(this.#random.between(0, 100))
    }
    return [...this.#done].map(([what, times]) => `${times} ${what}`).join(', ')
  }

  /** Ends all tabs but a new one: the others may be hidden, and slow. */
  async end(): Promise<Tab> {
    this.#over.abort()
    await Promise.all(this.#thaws.values())
    const last = await this.scene.tab()
    for (const tab of this.#tabs) await this.scene.end(tab, this.#random.pick(DEATHS) as Death)
    return last
  }

  async #act(tab: Tab): Promise<void> {
    if (this.#random.chance(0.6)) return this.#add(tab)
    if (this.#random.chance(0.4)) return this.#freeze(tab)
    return this.#kill(tab, this.#random.pick(DEATHS) as Death)
  }

  /** Nobody waits for its answer: the page may end before. */
  #add(tab: Tab): void {
    this.#count('add')
    const some = Array.from({ length: this.#random.whole(1, 5) }, () => {
      return { id: `job-${++this.#jobs}`, ...this.#random.pick(MIX) }
    })
    tab.call('enqueue', some).catch(() => {})
  }

  async #kill(tab: Tab, death: Death): Promise<void> {
    this.#count(death)
    await this.scene.end(tab, death)
    this.#tabs = [...this.#tabs.filter((other) => other !== tab), await this.scene.replace(tab, death)]
  }

  async #freeze(tab: Tab): Promise<void> {
    this.#count('freeze')
    await this.scene.freeze(tab)
    const ms = this.#random.chance(0.2) ? 1.5 * PATIENCE_MS : this.#random.between(0, 2_000)
    const thaw = async () => {
      await sleep(ms, undefined, { signal: this.#over.signal }).catch(() => {})
      await this.scene.resume(tab)
      this.#thaws.delete(tab)
    }
    this.#thaws.set(tab, thaw())
  }

  #count(what: string): void {
    this.#done.set(what, (this.#done.get(what) ?? 0) + 1)
  }
}
