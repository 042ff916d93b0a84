import { deflateSync } from 'node:zlib'
import type { Cron, CronState } from '../../../src/cron/cron.ts'
import { markDeploy } from '../../../src/dashboard/index.ts'
import type { RunReport, Storage } from '../../../src/storage.ts'
import { visiting } from '../visiting.ts'

const LEASE_MS = 600_000

/** A dashboard whose storage says one of these in every field of every job, queue, worker and error that it shows. */
export async function laden(texts: readonly string[]) {
  const here = visiting({ redact: false })
  const { app, inner, pass } = here
  const storage = await inner()
  for (const [index, text] of texts.entries()) {
    await fill(storage, index, text)
    await work(storage, index, text)
  }
  const charted = [...texts, 'charted']
  await storage.measure(charted.map((job) => ({ job, processed: 2, failed: 1, totalMs: 30, durations: DURATIONS })))
  for (const text of texts) await markDeploy(app, text)
  Object.assign(app, { cron: async () => cronOf(texts) })
  await pass(1_000)
  return here
}

/** One in each place, and one in a queue that is called so. */
async function fill(storage: Storage, index: number, text: string): Promise<void> {
  const payload = jobOf(index, text)
  const entry = { jid: `${text}${index}`, text: payload, delayMs: 0 }
  const stray = `[${JSON.stringify(text)}, {`
  await storage.push(
    [
      { ...entry, queue: text },
      { ...entry, queue: 'hold', jid: `queued${index}` },
      { ...entry, queue: 'strays', jid: `stray${index}`, text: stray },
      ...['retry', 'dead'].map((set) => ({ ...entry, queue: set, jid: set + index })),
      { ...entry, queue: 'later', jid: `later${index}`, delayMs: 3_600_000 + index },
    ],
    { client: 'test', number: index + 1 },
  )
  for (const queue of ['retry', 'dead']) {
    const { rows } = await storage.page({ queue }, { offset: 0, limit: 1 })
    const key = rows[0]?.key as string
    const to = queue === 'dead' ? queue : ({ set: 'retry', delayMs: 60_000 + index } as const)
    await storage.move({ queue }, [{ key, to: to as 'dead' }])
  }
}

export const jobOf = (index: number, text: string): string =>
  JSON.stringify({
    class: text,
    ...(index % 3 === 0 ? { display_class: text } : {}),
    ...(index % 3 === 1 ? { wrapped: text } : {}),
    jid: `${text}${index}`,
    queue: text,
    args: [text, { [text]: text }, [[text]]],
    retry: text,
    retry_count: 1,
    tags: [text],
    error_class: text,
    error_message: text,
    error_backtrace: deflateSync(JSON.stringify([text, `at ${text}`])).toString('base64'),
    failed_at: 1_700_000_000.5,
    [text]: text,
  })

/** A worker of that name, with a job of that name under its hands. */
async function work(storage: Storage, index: number, text: string): Promise<void> {
  const lane = { leaseMs: LEASE_MS, lane: 'a', settlements: [], ahead: 0, begun: [] }
  const hands = `hands${index}`
  await storage.push([{ jid: hands, queue: hands, text: jobOf(index, text), delayMs: 0 }], { client: hands, number: 1 })
  const { jobs } = await storage.exchange({ ...lane, worker: text, request: 1, queues: [hands], limit: 1 })
  const running = jobs.map(({ token }): RunReport => {
    return { token, startedAt: 0, progress: { done: 1, ...(index % 2 === 0 ? { total: 2 } : {}), note: text } }
  })
  const about = {
    startedAt: 0,
    queues: [`${text}+`, 'hold', 'strays'],
    concurrency: 5,
    tag: text,
    labels: [text],
    capsules: {},
  }
  await storage.beat({
    worker: text,
    leaseMs: LEASE_MS,
    about,
    quiet: false,
    running,
    heard: [],
    held: jobs.map(({ token }) => token),
    answered: { a: 1 },
  })
}

const DURATIONS: readonly number[] = Array.from({ length: 26 }, (_, index) => (index === 2 ? 1 : 0))

/** As somebody may have stored it: all that a page shows is hostile. */
const cronOf = (texts: readonly string[]): Pick<Cron, 'list' | 'get' | 'pause' | 'resume' | 'run'> => ({
  list: async () => texts.map(entryOf),
  get: async (name) => texts.filter((text) => text === name).map(entryOf)[0],
  pause: async () => {},
  resume: async () => {},
  run: async () => null,
})

const entryOf = (text: string): CronState => ({
  name: text,
  cron: text,
  timezone: text,
  description: text,
  class: text,
  args: [text],
  queue: text,
  missed: 'once',
  overlap: 'allow',
  source: text,
  enabled: true,
  paused: false,
  lastAt: new Date(0),
  lastJid: text,
  nextAt: new Date(0),
  skippedCount: 0,
  missedCount: 0,
})
