import { equal } from '../assert.ts'
import { job, push } from '../jobs.ts'
import { holderOf } from '../lock-holder.ts'
import { firstKey, jidsIn, queue, waiting } from '../places.ts'
import type { Store, Test } from '../store.ts'
import { HOUR, MINUTE, SECOND, SLACK } from '../time.ts'
import { died, done, givenBack, retried } from '../workers.ts'

const unique = { key: 'lock', forMs: HOUR }
const unlock = { key: 'lock', owner: 'a' }

/** A holds the lock for an hour; when it is over B takes it, though A is still there. */
async function lockThatMovedOn({ storage, advance }: Store, delayMs = 0): Promise<void> {
  await push(storage, job('a', { unique, delayMs }))
  await advance(delayMs + HOUR + SECOND)
  equal(await storage.lock('lock', 'b', HOUR), 'b')
}

export function uniqueJobs(test: Test): void {
  test('a job is refused while another jid holds its lock, and hears who', async ({ storage }) => {
    equal(await push(storage, job('a', { unique })), [])
    equal(await push(storage, job('b', { unique }), job('c')), [{ index: 0, holder: 'a' }])
    equal(await waiting(storage), ['a', 'c'])
    equal(await holderOf(storage, 'lock'), 'a')
  })

  test('of two in one push the first has the lock', async ({ storage }) => {
    const two = { key: 'other', forMs: HOUR }
    const entries = [job('a', { unique }), job('b', { unique }), job('c', { unique: two }), job('d', { unique })]
    equal(await push(storage, ...entries), [
      { index: 1, holder: 'a' },
      { index: 3, holder: 'a' },
    ])
    equal(await waiting(storage), ['a', 'c'])
  })

  test('a scheduled job is refused as others are', async ({ storage }) => {
    await push(storage, job('a', { unique, delayMs: HOUR }))
    equal(await push(storage, job('b', { unique, delayMs: MINUTE })), [{ index: 0, holder: 'a' }])
    equal(await jidsIn(storage, 'scheduled'), ['a'])
  })

  test('a lock that somebody took by hand refuses too', async ({ storage }) => {
    await storage.lock('lock', 'somebody', HOUR)
    equal(await push(storage, job('a', { unique })), [{ index: 0, holder: 'somebody' }])
  })

  test('a jid may push again what it holds the lock for', async ({ storage }) => {
    await push(storage, job('a', { unique }))
    equal(await push(storage, job('a', { unique })), [])
    equal(await waiting(storage), ['a', 'a'])
  })

  test('a chosen jid that was refused was not stored, and may come again', async ({ storage }) => {
    await push(storage, job('a', { unique }))
    const chosen = job('b', { unique, chosen: true })
    equal(await push(storage, chosen), [{ index: 0, holder: 'a' }])
    equal(await push(storage, chosen), [{ index: 0, holder: 'a' }])
    await storage.cancel('a')
    equal(await push(storage, chosen), [])
    equal(await waiting(storage), ['b'])
  })

  test('a chosen jid that was stored counts as stored, whoever has the lock by now', async ({ storage, worker }) => {
    const chosen = job('a', { unique, chosen: true })
    await push(storage, chosen)
    const w = worker('w')
    await w.settle(done(await w.takeOne(), { unlock }))
    await push(storage, job('b', { unique }))
    equal(await push(storage, chosen), [])
    equal(await waiting(storage), ['b'])
  })

  test('the lock runs from the moment when the job is due', async ({ storage, advance }) => {
    await push(storage, job('a', { unique, delayMs: 2 * HOUR }))
    await advance(3 * HOUR - SLACK)
    equal(await push(storage, job('b', { unique })), [{ index: 0, holder: 'a' }])
    await advance(SLACK + SECOND)
    equal(await push(storage, job('c', { unique })), [])
    equal(await holderOf(storage, 'lock'), 'c')
  })

  test('the lock of a job due now ends after its time', async ({ storage, advance }) => {
    await push(storage, job('a', { unique, delayMs: -HOUR }))
    await advance(HOUR - SLACK)
    equal(await holderOf(storage, 'lock'), 'a')
    await advance(SLACK + SECOND)
    equal(await holderOf(storage, 'lock'), undefined)
  })

  test('claiming, promoting and retrying keep the lock', async ({ storage, worker, advance }) => {
    await push(storage, job('a', { unique, delayMs: MINUTE }))
    await advance(MINUTE)
    await storage.promote(1)
    equal(await holderOf(storage, 'lock'), 'a')
    const w = worker('w')
    const a = await w.takeOne()
    equal(await holderOf(storage, 'lock'), 'a')
    await w.settle(retried(a, 0))
    equal(await holderOf(storage, 'lock'), 'a')
    await storage.promote(1)
    await w.settle(done(await w.takeOne()))
    equal(await holderOf(storage, 'lock'), 'a')
  })

  test('giving back, retiring and recovering keep the lock', async ({ storage, worker, rescue }) => {
    await push(storage, job('a', { unique }))
    const w = worker('w')
    await w.settle(givenBack(await w.takeOne()))
    equal(await holderOf(storage, 'lock'), 'a')
    await w.takeOne()
    await storage.retire('w')
    equal(await holderOf(storage, 'lock'), 'a')
    await w.takeOne()
    await rescue(worker('rescuer'))
    equal(await holderOf(storage, 'lock'), 'a')
  })

  test('a settlement frees the lock that it names', async ({ storage, worker }) => {
    await push(storage, job('a', { unique }))
    const w = worker('w')
    await w.settle(done(await w.takeOne(), { unlock }))
    equal(await push(storage, job('b', { unique })), [])
  })

  test('a settlement to the dead set frees the lock that it names', async ({ storage, worker }) => {
    await push(storage, job('a', { unique }))
    const w = worker('w')
    await w.settle(died(await w.takeOne(), { unlock }))
    equal(await holderOf(storage, 'lock'), undefined)
  })

  test('a settlement frees no lock that somebody else has by now', async (store) => {
    const { storage, worker } = store
    await lockThatMovedOn(store)
    const w = worker('w')
    equal((await w.settle(done(await w.takeOne(), { unlock }))).refused, [])
    equal(await holderOf(storage, 'lock'), 'b')
  })

  test('a job killed, removed or cleared frees its lock', async ({ storage }) => {
    for (const end of ENDS) {
      await push(storage, job('a', { unique, delayMs: HOUR }))
      await end(storage)
      equal(await holderOf(storage, 'lock'), undefined, `the holder after ${end.name}`)
    }
    equal(await jidsIn(storage, 'scheduled'), [])
  })

  test('a job killed, removed, cleared or cancelled frees no lock that somebody else has by now', async (store) => {
    const { storage } = store
    for (const end of ENDS) {
      await lockThatMovedOn(store, HOUR)
      await end(storage)
      equal(await holderOf(storage, 'lock'), 'b', `the holder after ${end.name}`)
      await storage.unlock('lock', 'b')
    }
  })

  test('a waiting job removed or cleared frees its lock', async ({ storage }) => {
    await push(storage, job('a', { unique }))
    await storage.remove(queue('default'), [await firstKey(storage, queue('default'))])
    equal(await push(storage, job('a', { unique })), [])
    await storage.clear(queue('default'))
    equal(await holderOf(storage, 'lock'), undefined)
  })

  test('a job moved back from the dead set takes no lock', async ({ storage, worker }) => {
    await push(storage, job('a', { unique }))
    const w = worker('w')
    await w.settle(died(await w.takeOne(), { unlock }))
    await storage.move('dead', [{ key: await firstKey(storage, 'dead'), to: { queue: 'default' } }])
    equal(await holderOf(storage, 'lock'), undefined)
    equal(await push(storage, job('b', { unique })), [])
  })
}

type Storage = Store['storage']

/** The ways in which a scheduled job ends. */
const ENDS: readonly ((storage: Storage) => Promise<unknown>)[] = [
  async function kill(storage) {
    await storage.move('scheduled', [{ key: await firstKey(storage, 'scheduled'), to: 'dead' }])
  },
  async function remove(storage) {
    await storage.remove('scheduled', [await firstKey(storage, 'scheduled')])
  },
  async function clear(storage) {
    await storage.clear('scheduled')
  },
  async function cancel(storage) {
    await storage.cancel('a')
  },
]
