import type { Duration } from '../../src/index.ts'
import { SECOND, until } from '../engine/support/time.ts'
import { visiting } from './visiting.ts'

/** A dashboard with something on every page: jobs that wait, run, are due later, failed and died. */
export async function harbour(options: Parameters<typeof visiting>[0] = {}) {
  const here = visiting(options)
  const { app, job, work, pass } = here
  const broken = {
    perform: () => Promise.reject(new TypeError('no such <ship>')),
    backtrace: true,
    retryIn: (): Duration => '1h',
  } as const
  const Load = job('Load', { queue: 'cargo', tags: ['heavy'], ...broken })
  const Sink = job('Sink', { queue: 'cargo', retry: 0, ...broken })
  let finish = () => {}
  const Sail = job('Sail', {
    queue: 'cargo',
    async perform(this) {
      await this.progress(3, 10, 'half <way>')
      await new Promise<void>((resolve) => {
        finish = resolve
      })
    },
  })
  await Load.performAsync(1, { port: 'Oslo', password: 'hunter2' })
  await Load.performAsync(2)
  await Sink.performAsync('<b>bold</b>')
  const worker = await work({ queues: ['cargo'], concurrency: 5, name: 'crane' })
  // Backtraces are deflated beside us, in the platform's own time.
  await until(async () => (await app.retries.size()) === 2 && (await app.dead.size()) === 1)
  const sailing = (await Sail.performAsync('north')) as string
  await pass(10 * SECOND)
  await job('Later', { queue: 'mail' }).performIn('1h', 'x')
  await job('Wait', { queue: 'mail' }).performAsync(['y'])
  await pass(5 * SECOND)
  return { ...here, app, worker, sailing, finish: () => finish() }
}
