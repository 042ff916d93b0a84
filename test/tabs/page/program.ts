// A page as a user would write it, on the built package: it enqueues and performs, and tells the server what it does.

import { type Logger, Quayside, type StorageUnavailableError } from 'quayside'
import { indexedDBStorage } from 'quayside/indexeddb'
import type { Enqueue, Order, PageOrders, Program, Refusal, Word } from '../orders.ts'
import { chainTimers } from './chained-timers.ts'
import { keep, kept } from './control.ts'

const orders: PageOrders = JSON.parse(new URLSearchParams(location.search).get('orders') ?? '')
const who = document.documentElement.id

if (orders.timers === 'chained') chainTimers()

/** Resolves when the server has it, and answers how many runs of this job it has seen begin. */
async function tell(what: Word, id = '', about?: string | number): Promise<number> {
  const response = await fetch('/notes', { method: 'POST', body: JSON.stringify({ who, what, id, about }) })
  return response.json()
}

/** For what nobody waits for: a page that dies tells no more. */
function mention(what: Word, id?: string, about?: string | number): void {
  tell(what, id, about).catch(() => {})
}

const warn = (fields: object, message: string) => mention('warned', '', `${message} ${JSON.stringify(fields)}`)
const logger: Logger = { debug() {}, info() {}, warn, error: warn }

const storage = indexedDBStorage({ ...orders.storage, tabs: orders.mode, onLost: () => mention('lost') })
const app = new Quayside({ storage, logger })
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

const Work = app.job('Work', {
  retry: 5,
  retryIn: () => '200ms',
  async perform(order: Order) {
    const { id, ms = 0, fails = 0, holds } = order
    const runs = await tell('begun', id)
    this.signal.addEventListener('abort', () => mention('aborted', id, this.signal.reason.name))
    if (holds && runs === 1) {
      await hold(holds, this.signal)
      if (holds === 'resumed') return
    }
    if (ms > 0) await sleep(ms)
    this.signal.throwIfAborted()
    if (runs <= fails) {
      await tell('failed', id)
      throw new Error('as ordered')
    }
    await tell('ended', id)
  },
})

let sends = 0

const Send = app.job('Send', {
  requires: 'network',
  async perform(id: string) {
    sends++
    await tell('begun', id)
    await tell('ended', id, this.attempt)
  },
})

const Big = app.job<[string]>('Big')

const told = ({ code, outcome, message }: StorageUnavailableError): Refusal => ({ code, outcome, message })

/** Text that nothing compresses: what repeats fits below any quota. */
function randomText(length: number): string {
  return String.fromCharCode(...crypto.getRandomValues(new Uint16Array(length)).map((code) => 0x4e00 + (code % 0x5000)))
}

const released = new EventTarget()

function hold(until: 'aborted' | 'released' | 'resumed', signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
    if (until === 'released') released.addEventListener('now', () => resolve())
    if (until === 'resumed') document.addEventListener('resume', () => resolve())
  })
}

async function enqueue({ wait, ...order }: Enqueue): Promise<void> {
  await (wait ? Work.performIn(wait, order) : Work.performAsync(order))
  // After it: what the browser has of this, it has to have of the job.
  await keep(order.id, orders.storage?.durability ?? 'relaxed')
  await tell('stored', order.id)
}

/** Jobs in all shapes: short, long, failing at first, for later. */
const MIX: readonly Omit<Enqueue, 'id'>[] = [{}, { ms: 20 }, {}, { fails: 1 }, { ms: 300 }, { wait: '300ms' }]

async function produce(prefix: string): Promise<void> {
  for (let n = 0; ; n++) {
    await enqueue({ ...MIX[n % MIX.length], id: `${prefix}-${n}` })
  }
}

const program: Program = {
  lifecycle: [],
  async enqueue(all) {
    for (const each of all) await enqueue(each)
  },
  produce(prefix) {
    produce(prefix).catch(() => {})
  },
  release() {
    released.dispatchEvent(new Event('now'))
  },
  async fill() {
    for (;;) {
      const texts = Array.from({ length: 5 }, () => [randomText(30_000)] as [string])
      const refusal = await Big.set({ wait: '1h' })
        .performBulk(texts)
        .then(() => undefined, told)
      if (refusal) return refusal
    }
  },
  async empty() {
    await app.scheduled.clear()
  },
  async send(ids) {
    await Send.performBulk(ids.map((id) => [id]))
  },
  sends: () => sends,
  async unfinished() {
    const { enqueued, scheduled, retry, running } = await app.stats()
    return enqueued + scheduled + retry + running
  },
  kept,
  async dead() {
    const { jobs } = await app.dead.page({ limit: 1_000 })
    return jobs.map(({ args: [order] }) => (order as Order).id)
  },
}
Object.assign(globalThis, { program })

for (const event of ['freeze', 'resume']) {
  document.addEventListener(event, () => (program.lifecycle as string[]).push(event))
}

/** Tells by how much timers are late, once that is seconds. */
function watchTimers(): void {
  const due = performance.now() + 1_000
  setTimeout(() => {
    const late = performance.now() - due
    if (late > 5_000) mention('late', '', late)
    watchTimers()
  }, 1_000)
}

watchTimers()
app.on('worker:started', () => mention('ready'))
app.work(orders.work)
