import { between, equal } from '../assert.ts'
import { job, jobs, push } from '../jobs.ts'
import { firstKey, jidsIn, keysIn, queue, rowsIn, textsIn, waiting } from '../places.ts'
import type { Store, Test } from '../store.ts'
import { HOUR, MINUTE, SECOND, SLACK } from '../time.ts'
import { died, done } from '../workers.ts'

/** Brings a job to the dead set; the next one dies later. */
async function die({ storage, worker, advance }: Store, jid: string): Promise<void> {
  await push(storage, job(jid, { queue: 'dying' }))
  const w = worker(`worker of ${jid}`)
  await w.settle(died(await w.takeOne({ queues: ['dying'] })))
  await advance(SECOND)
}

export function managing(test: Test): void {
  test('a row moves to a queue, and keeps its bytes', async (store) => {
    const { storage } = store
    const later = job('later', { delayMs: HOUR, fields: { note: '\u2028 1.0' } })
    await push(storage, job('before'), later)
    equal(await storage.move('scheduled', [{ key: await firstKey(storage, 'scheduled'), to: { queue: 'default' } }]), [
      true,
    ])
    equal((await textsIn(storage, queue('default')))[1], later.text)
    equal(await rowsIn(storage, 'scheduled'), [])
  })

  test('rows move in the order given, to the back', async (store) => {
    const { storage } = store
    for (const jid of ['a', 'b', 'c']) await die(store, jid)
    await push(storage, job('before'))
    const [a = '', , c = ''] = await keysIn(storage, 'dead')
    const to = { queue: 'default' }
    equal(
      await storage.move(
        'dead',
        [c, a].map((key) => ({ key, to })),
      ),
      [true, true],
    )
    equal(await waiting(storage), ['before', 'c', 'a'])
    equal(await jidsIn(storage, 'dead'), ['b'])
  })

  test('a row moves to a set, due after the delay', async (store) => {
    const { storage } = store
    await push(storage, job('first', { delayMs: HOUR }), job('a'), job('b'))
    const [a = '', b = ''] = await keysIn(storage, queue('default'))
    const answer = await storage.move(queue('default'), [
      { key: b, to: { set: 'scheduled', delayMs: 2 * HOUR } },
      { key: a, to: { set: 'retry', delayMs: 3 * HOUR } },
    ])
    equal(answer, [true, true])
    equal(await waiting(storage), [])
    equal(await jidsIn(storage, 'scheduled'), ['first', 'b'])
    const due = (await rowsIn(storage, 'scheduled'))[0]?.at ?? 0
    between((await rowsIn(storage, 'retry'))[0]?.at, due + 2 * HOUR, due + 2 * HOUR + SLACK, 'when it is due')
  })

  test('a row moves within its set to another time', async ({ storage }) => {
    await push(storage, job('a', { delayMs: HOUR }), job('b', { delayMs: 2 * HOUR }))
    const key = await firstKey(storage, 'scheduled')
    equal(await storage.move('scheduled', [{ key, to: { set: 'scheduled', delayMs: 3 * HOUR } }]), [true])
    equal(await jidsIn(storage, 'scheduled'), ['b', 'a'])
    equal((await storage.stats(0)).scheduled, 2)
  })

  test('a row moves from one queue to another', async ({ storage, worker }) => {
    await push(storage, ...jobs('job', 3))
    const [, key = ''] = await keysIn(storage, queue('default'))
    equal(await storage.move(queue('default'), [{ key, to: { queue: 'other' } }]), [true])
    equal(await waiting(storage), ['job-0', 'job-2'])
    const moved = await worker('w').takeOne({ queues: ['other'] })
    equal(moved.queue, 'other')
  })

  test('a row moves to the dead set, where it died now', async (store) => {
    const { storage } = store
    await die(store, 'longer dead')
    await push(storage, job('a', { delayMs: HOUR }))
    const due = (await rowsIn(storage, 'scheduled'))[0]?.at ?? 0
    await store.advance(MINUTE)
    equal(await storage.move('scheduled', [{ key: await firstKey(storage, 'scheduled'), to: 'dead' }]), [true])
    equal(await jidsIn(storage, 'dead'), ['longer dead', 'a'])
    const now = due - HOUR + MINUTE
    between((await rowsIn(storage, 'dead'))[1]?.at, now, now + SLACK, 'when it died')
  })

  test('a text that comes along replaces the text', async ({ storage }) => {
    await push(storage, job('a', { delayMs: HOUR }), job('b', { delayMs: 2 * HOUR }))
    const [a = '', b = ''] = await keysIn(storage, 'scheduled')
    const text = job('a', { fields: { changed: true } }).text
    const to = { queue: 'default' }
    await storage.move('scheduled', [
      { key: a, to, text },
      { key: b, to },
    ])
    equal(await textsIn(storage, queue('default')), [text, job('b', { delayMs: HOUR }).text])
  })

  test('a row that is gone is not moved, and the others are', async ({ storage, worker }) => {
    await push(storage, ...jobs('job', 3))
    const [first = '', second = ''] = await keysIn(storage, queue('default'))
    const w = worker('w')
    await w.settle(done(await w.takeOne()))
    const moves = [first, second, second, 'no such key'].map((key) => ({ key, to: 'dead' as const }))
    equal(await storage.move(queue('default'), moves), [false, true, false, false])
    equal(await jidsIn(storage, 'dead'), ['job-1'])
    equal(await waiting(storage), ['job-2'])
  })

  test('a key ends when its job moves on', async ({ storage }) => {
    await push(storage, job('a', { delayMs: HOUR }))
    const key = await firstKey(storage, 'scheduled')
    await storage.move('scheduled', [{ key, to: { queue: 'default' } }])
    equal(await storage.move('scheduled', [{ key, to: 'dead' }]), [false])
    equal(await storage.remove('scheduled', [key]), 0)
    equal(await waiting(storage), ['a'])
  })

  test('no moves are no harm', async ({ storage }) => {
    equal(await storage.move('scheduled', []), [])
    equal(await storage.remove('scheduled', []), 0)
    equal(await storage.move(queue('none'), [{ key: 'a', to: 'dead' }]), [false])
  })

  test('rows are removed, each if it is still there', async (store) => {
    const { storage } = store
    for (const jid of ['a', 'b', 'c']) await die(store, jid)
    const [a = '', , c = ''] = await keysIn(storage, 'dead')
    equal(await storage.remove('dead', [c, 'no such key', a]), 2)
    equal(await storage.remove('dead', [c, a]), 0)
    equal(await jidsIn(storage, 'dead'), ['b'])
  })

  test('waiting jobs that are removed are not claimed', async ({ storage, worker }) => {
    await push(storage, ...jobs('job', 3))
    const [, middle = ''] = await keysIn(storage, queue('default'))
    equal(await storage.remove(queue('default'), [middle]), 1)
    equal(await waiting(storage), ['job-0', 'job-2'])
    equal((await worker('w').claim(5)).length, 2)
  })

  test('a key of one place is none of another', async ({ storage }) => {
    await push(storage, job('a', { queue: 'a' }), job('b', { queue: 'b' }), job('c', { delayMs: HOUR }))
    const key = await firstKey(storage, queue('a'))
    equal(await storage.remove('scheduled', [key]), 0)
    equal(await storage.remove('dead', [key]), 0)
    const { enqueued, scheduled } = await storage.stats(0)
    equal({ enqueued, scheduled }, { enqueued: 2, scheduled: 1 })
  })

  test('a place is cleared, and the others are left alone', async (store) => {
    const { storage } = store
    await die(store, 'dead')
    await push(storage, ...jobs('a', 3, { queue: 'a' }), job('b', { queue: 'b' }), ...jobs('c', 2, { delayMs: HOUR }))
    equal(await storage.clear('scheduled'), 2)
    equal(await storage.clear('scheduled'), 0)
    equal(await storage.clear(queue('a')), 3)
    equal(await storage.clear('retry'), 0)
    equal(await storage.clear(queue('unknown')), 0)
    equal(await waiting(storage, 'b'), ['b'])
    equal(await storage.clear('dead'), 1)
    const { enqueued, scheduled, dead } = await storage.stats(0)
    equal({ enqueued, scheduled, dead }, { enqueued: 1, scheduled: 0, dead: 0 })
  })

  test('clearing a queue leaves what was claimed from it', async ({ storage, worker }) => {
    await push(storage, job('a'), job('b'))
    const w = worker('w')
    const a = await w.takeOne()
    equal(await storage.clear(queue('default')), 1)
    equal((await w.settle(done(a))).refused, [])
  })

  test('wiping deletes everything', async (store) => {
    const { storage, worker } = store
    await die(store, 'dead')
    await push(storage, ...jobs('job', 3), job('later', { delayMs: HOUR }))
    const w = worker('w')
    const claimed = await w.takeOne()
    await storage.lock('lock', 'me', HOUR)
    await storage.writeDocument('document', 'text', 0)
    await storage.pause('default', true)
    await storage.wipe()
    await storage.wipe()
    const { processed, failed, enqueued, scheduled, retry, dead, running } = await storage.stats(0)
    const nothing = { processed: 0, failed: 0, enqueued: 0, scheduled: 0, retry: 0, dead: 0, running: 0 }
    equal({ processed, failed, enqueued, scheduled, retry, dead, running }, nothing)
    equal(await storage.queues(), [])
    equal(await storage.lock('lock', 'you', HOUR), 'you')
    equal(await storage.readDocument('document'), undefined)
    equal((await w.settle(done(claimed))).refused, [claimed.token])
  })

  test('a wiped store is as good as new', async ({ storage, worker }) => {
    await push(storage, job('a', { unique: { key: 'lock', forMs: HOUR } }))
    await storage.wipe()
    await push(storage, job('b', { unique: { key: 'lock', forMs: HOUR } }))
    equal(await waiting(storage), ['b'])
    equal((await worker('w').claim(2)).length, 1)
  })
}
