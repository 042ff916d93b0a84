import { equal, rejects } from '../assert.ts'
import { job, push } from '../jobs.ts'
import { holderOf } from '../lock-holder.ts'
import { queue, waiting } from '../places.ts'
import type { Store, Test } from '../store.ts'
import { HOUR } from '../time.ts'
import { done, TestWorker } from '../workers.ts'

type Storage = Store['storage']

/** Every call but close and subscribe. */
function calls(storage: Storage): Readonly<Record<string, () => Promise<unknown>>> {
  const w = new TestWorker(storage, 'w')
  const place = queue('default')
  return {
    push: () => push(storage, job('a')),
    exchange: () => w.claim(1),
    promote: () => storage.promote(1),
    beat: () => w.beat(),
    signal: () => storage.signal('w', 'stop'),
    recover: () => storage.recover('w'),
    retire: () => storage.retire('w'),
    cancel: () => storage.cancel('a'),
    queues: () => storage.queues(),
    workers: () => storage.workers(),
    stats: () => storage.stats(1),
    page: () => storage.page(place, { offset: 0, limit: 1 }),
    scan: () => storage.scan(place, { limit: 1 }),
    measure: () => storage.measure([]),
    metrics: () => storage.metrics({ minutes: 1 }),
    move: () => storage.move(place, [{ key: 'a', to: 'dead' }]),
    remove: () => storage.remove(place, ['a']),
    clear: () => storage.clear(place),
    pause: () => storage.pause('default', true),
    wipe: () => storage.wipe(),
    lock: () => storage.lock('key', 'me', HOUR),
    unlock: () => storage.unlock('key', 'me'),
    readDocument: () => storage.readDocument('doc'),
    writeDocument: () => storage.writeDocument('doc', 'text', 0),
  }
}

export function connections(test: Test): void {
  test('what is stored stays when its connection is closed', async ({ storage, connect }) => {
    await push(storage, job('a', { unique: { key: 'lock', forMs: HOUR } }), job('later', { delayMs: HOUR }))
    await storage.writeDocument('doc', 'text', 0)
    await storage.close()
    const next = await connect()
    equal(await waiting(next), ['a'])
    equal((await next.stats(0)).scheduled, 1)
    equal(await holderOf(next, 'lock'), 'a')
    equal((await next.readDocument('doc'))?.text, 'text')
  })

  test('what a worker claimed stays its own when its connection is closed', async ({ connect, worker }) => {
    const first = await connect()
    await push(first, job('a'))
    const a = await worker('w', { storage: first }).takeOne()
    await first.close()
    const next = await connect()
    const request = { ...worker('w', { storage: next }).next({ settlements: [done(a)] }), request: 2 }
    equal((await next.exchange(request)).refused, [])
  })

  test('closing one connection leaves the others', async ({ storage, connect }) => {
    const other = await connect()
    await push(storage, job('a'))
    await storage.close()
    equal(await waiting(other), ['a'])
  })

  test('closing twice does no harm', async ({ storage }) => {
    await storage.close()
    await storage.close()
  })

  test('closing twice at once does no harm', async ({ storage }) => {
    await Promise.all([storage.close(), storage.close()])
  })

  test('every other call rejects with a ClosedError then, and does nothing', async ({ storage, connect }) => {
    await push(storage, job('a'))
    await storage.close()
    for (const [name, call] of Object.entries(calls(storage))) await rejects(call, 'ERR_CLOSED', name)
    const other = await connect()
    equal(await waiting(other), ['a'])
    equal(await other.readDocument('doc'), undefined)
    equal(
      (await other.queues()).map(({ paused }) => paused),
      [false],
    )
  })
}
