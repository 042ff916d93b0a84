import type { Here } from '../here.ts'
import type { EverydayJobs } from './jobs.ts'

export interface Client {
  readonly here: Here
  readonly jobs: EverydayJobs
  /** Jobs that this client has heard of. */
  readonly known: string[]
}

type Action = (client: Client) => Promise<unknown>

/** Everything that a client can do, the more often the more often it stands here. */
export const actions: readonly Action[] = [
  (client) => keep(client, client.jobs.quick.performAsync(number(client, 1_000))),
  (client) => keep(client, client.jobs.quick.performAsync(number(client, 1_000))),
  (client) => keep(client, client.jobs.slow.performAsync(number(client, 8_000))),
  (client) => keep(client, client.jobs.slow.performAsync(number(client, 30_000))),
  (client) => keep(client, client.jobs.flaky.performAsync(number(client, 3), number(client, 2) * 700)),
  (client) => keep(client, client.jobs.doomed.performAsync(1)),
  (client) => keep(client, client.jobs.obedient.performAsync(number(client, 40_000))),
  (client) => keep(client, client.jobs.stubborn.performAsync(number(client, 15_000))),
  (client) => keep(client, client.jobs.deadly.performAsync(number(client, 3_000))),
  (client) => keep(client, client.jobs.busy.performAsync(number(client, 20_000))),
  (client) => keep(client, client.jobs.parent.performAsync(number(client, 4))),
  (client) => keep(client, client.jobs.fickle.performAsync(1)),
  (client) => keep(client, client.jobs.shortLived.performAsync(1)),
  (client) => keep(client, client.jobs.unique.performAsync(number(client, 3), number(client, 5_000))),
  (client) => keep(client, client.jobs.unique.performIn(later(client), number(client, 3), 100)),
  (client) => keep(client, client.jobs.upload.performAsync(number(client, 2_000))),
  (client) => keep(client, client.jobs.upload.performAsync(0)),
  (client) => keep(client, client.jobs.onlyUpload.performAsync(number(client, 3))),
  singles,
  (client) => keep(client, client.jobs.quick.performIn(later(client), 1)),
  (client) => keep(client, client.jobs.flaky.performIn(later(client), 1, 0)),
  closeTogether,
  closeTogether,
  bulk,
  chosen,
  cancel,
  cancel,
  async ({ here: { app }, known }) => app.scheduled.kill(known.at(-1) ?? ''),
  async ({ here: { app } }) => app.scheduled.retryAll(),
  async ({ here: { app } }) => app.retries.retryAll(),
  async ({ here: { app } }) => app.retries.killAll(),
  async ({ here: { app } }) => app.dead.retryAll(),
  async ({ here: { app }, known }) => app.queue('low').delete(known.at(-1) ?? ''),
  pauseForAWhile,
  signal,
]

const number = ({ here }: Client, below: number): number => Math.floor(here.random() * below)

const later = (client: Client) => ({ milliseconds: number(client, 20_000) })

async function keep({ here, known }: Client, enqueued: Promise<string | null>): Promise<void> {
  const jid = await enqueued
  here.acknowledged(jid)
  if (jid !== null) known.push(jid)
}

async function bulk(client: Client): Promise<void> {
  const { here, jobs } = client
  const args = Array.from({ length: 1 + number(client, 8) }, (_, index) => [index] as [number])
  const spread = here.random() < 0.5 ? { spread: later(client) } : {}
  for (const jid of await jobs.quick.performBulk(args, spread)) here.acknowledged(jid)
}

/** The second comes while a worker is about to claim the first, or has just done so. */
async function closeTogether(client: Client): Promise<void> {
  const { here, jobs } = client
  await keep(client, jobs.quick.performAsync(1))
  await here.sleep({ milliseconds: here.random() ** 2 * 40 })
  await keep(client, jobs.quick.performAsync(2))
}

/** One after the other, while those before them may wait, run or be done. */
async function singles(client: Client): Promise<void> {
  const which = number(client, 2)
  for (let count = 0; count < 4; count++) {
    await keep(client, client.jobs.single.performAsync(which))
    await client.here.sleep({ milliseconds: number(client, 800) })
  }
}

/** One jid, enqueued until the storage says that it has it; and once more, which must not store it twice. */
async function chosen(client: Client): Promise<void> {
  const { here, jobs } = client
  const jid = `chosen-${here.clock.id()}`
  const job = jobs.slow.set({ jid })
  for (let attempt = 0; attempt < 5; attempt++) {
    const answer = await job.performAsync(500).catch(() => undefined)
    if (answer !== undefined) here.acknowledged(answer)
    await here.sleep('2s')
  }
}

async function cancel({ here, known }: Client): Promise<void> {
  const jid = known[Math.floor(here.random() * known.length)]
  if (jid !== undefined) await here.app.cancel(jid)
}

async function pauseForAWhile(client: Client): Promise<void> {
  const { here } = client
  const queue = here.app.queue(['critical', 'default', 'low'][number(client, 3)] ?? 'default')
  await queue.pause()
  await here.sleep(later(client))
  await queue.resume()
}

async function signal({ here }: Client): Promise<void> {
  const [worker] = await here.app.workers()
  if (worker) await here.app.signal(worker.worker, 'dump')
}
