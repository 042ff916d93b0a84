import { equal } from '../assert.ts'
import { jids, job, jobs, push, pushId } from '../jobs.ts'
import { jidsIn, waiting } from '../places.ts'
import type { Store, Test } from '../store.ts'
import { HOUR, LEASE, MINUTE, SECOND } from '../time.ts'
import { ABOUT, died, done, TestWorker } from '../workers.ts'

type Storage = Store['storage']

/** Each pair, and a queue for each, in one store. With ':' between the parts of a key the last pair would be one. */
const PAIRS: readonly { here: string; hereQueue: string; there: string; thereQueue: string }[] = [
  { here: 'a', hereQueue: 'default', there: 'b', thereQueue: 'default' },
  { here: '', hereQueue: 'default', there: 'a', thereQueue: 'default' },
  { here: 'a', hereQueue: 'b:c', there: 'a:b', thereQueue: 'c' },
]

async function pair({ connect }: Store): Promise<[here: Storage, there: Storage]> {
  return [await connect({ namespace: 'here' }), await connect({ namespace: 'there' })]
}

/** The same worker's name in both. */
const worker = (storage: Storage): TestWorker => new TestWorker(storage, 'w')

export function namespaces(test: Test): void {
  for (const { here, hereQueue, there, thereQueue } of PAIRS) {
    test(`'${here}' with its queue ${hereQueue} and '${there}' with its queue ${thereQueue} are two`, async (store) => {
      const one = await store.connect({ namespace: here })
      const two = await store.connect({ namespace: there })
      await push(one, ...jobs('one', 2, { queue: hereQueue }), job('later', { queue: hereQueue, delayMs: HOUR }))
      await push(two, job('two', { queue: thereQueue }))
      equal(await waiting(one, hereQueue), ['one-0', 'one-1'])
      equal(await waiting(two, thereQueue), ['two'])
      equal(await jidsIn(two, 'scheduled'), [])
      const names = async (storage: Storage) => (await storage.queues()).map(({ name }) => name)
      equal([await names(one), await names(two)], [[hereQueue], [thereQueue]])
      equal(jids(await worker(two).claim(5, { queues: [hereQueue, thereQueue] })), ['two'])
      await two.wipe()
      equal(jids(await worker(one).claim(5, { queues: [hereQueue, thereQueue] })), ['one-0', 'one-1'])
    })
  }

  test('two connections of one namespace see the same', async ({ connect }) => {
    const [one, two] = [await connect({ namespace: 'same' }), await connect({ namespace: 'same' })]
    await push(one, job('a'))
    equal(await waiting(two), ['a'])
  })

  test('push ids, chosen jids and unique locks are of one namespace', async (store) => {
    const [here, there] = await pair(store)
    const entries = [job('a', { chosen: true, unique: { key: 'lock', forMs: HOUR } })]
    const id = pushId()
    equal(await here.push(entries, id), [])
    equal(await there.push(entries, id), [])
    equal([await waiting(here), await waiting(there)], [['a'], ['a']])
    equal(await there.push([job('b', { unique: { key: 'lock', forMs: HOUR } })], pushId()), [{ index: 0, holder: 'a' }])
  })

  test('workers, their tokens and requests are of one namespace', async (store) => {
    const [here, there] = await pair(store)
    await push(here, job('a'))
    await push(there, job('b'))
    const [mine, yours] = [worker(here), worker(there)]
    equal([jids(await mine.claim(1)), jids(await yours.claim(1))], [['a'], ['b']])
    await mine.beat({ about: { ...ABOUT, tag: 'mine' } })
    await yours.beat({ about: { ...ABOUT, tag: 'yours' } })
    const tags = async (storage: Storage) => (await storage.workers()).map(({ tag }) => tag)
    equal([await tags(here), await tags(there)], [['mine'], ['yours']])
    equal(await here.signal('w', 'stop'), true)
    equal((await yours.beat()).signals, [])
    equal((await mine.beat()).signals, ['stop'])
    await there.retire('w')
    equal((await here.stats(0)).running, 1)
  })

  test('the lost are recovered in their own namespace', async (store) => {
    const [here, there] = await pair(store)
    await push(here, job('a'))
    const lost = new TestWorker(here, 'lost')
    await lost.claim(1)
    await store.lose(lost)
    const [mine, yours] = [worker(here), worker(there)]
    await store.live(LEASE + SECOND, mine, yours)
    equal((await there.recover('w')).requeued, 0)
    equal((await here.recover('w')).requeued, 1)
  })

  test('time, cancellation and pauses are of one namespace', async (store) => {
    const [here, there] = await pair(store)
    for (const storage of [here, there]) await push(storage, job('a'), job('late', { delayMs: MINUTE }))
    await store.advance(MINUTE)
    equal((await here.promote(10)).promoted, 1)
    equal(await here.cancel('a'), 'waiting')
    await here.pause('default', true)
    equal(await jidsIn(there, 'scheduled'), ['late'])
    equal(jids(await worker(there).claim(5)), ['a'])
    equal(await worker(here).claim(5), [])
  })

  test('locks, documents and statistics are of one namespace', async (store) => {
    const [here, there] = await pair(store)
    await here.lock('key', 'me', HOUR)
    equal(await there.lock('key', 'you', HOUR), 'you')
    await here.writeDocument('doc', 'mine', 0)
    equal(await there.readDocument('doc'), undefined)
    equal(await there.writeDocument('doc', 'yours', 0), true)
    await push(here, job('a'))
    const w = worker(here)
    await w.settle(done(await w.takeOne()))
    equal([(await here.stats(1)).days[0]?.processed, (await there.stats(1)).days[0]?.processed], [1, 0])
  })

  test('clearing and wiping one leaves the other', async (store) => {
    const [here, there] = await pair(store)
    for (const storage of [here, there]) {
      await push(storage, job('dead'), job('a'), job('later', { delayMs: HOUR }))
      const w = worker(storage)
      await w.settle(died(await w.takeOne()))
      await storage.lock('key', 'owner', HOUR)
      await storage.writeDocument('doc', 'text', 0)
    }
    await here.clear('dead')
    await here.wipe()
    const { enqueued, scheduled, dead, failed } = await there.stats(0)
    equal({ enqueued, scheduled, dead, failed }, { enqueued: 1, scheduled: 1, dead: 1, failed: 1 })
    equal((await there.readDocument('doc'))?.text, 'text')
    equal(await there.lock('key', 'other', HOUR), 'owner')
  })
}
