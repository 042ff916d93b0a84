import { between, equal, ok } from '../assert.ts'
import { jids, job, jobs, push } from '../jobs.ts'
import { waiting } from '../places.ts'
import type { Test } from '../store.ts'
import { HOUR, LEASE, SECOND, SLACK } from '../time.ts'
import { ABOUT, done, givenBack } from '../workers.ts'

/** When jobs were begun, by the worker's own clock: the storage only passes it on. */
const STARTED = 1_234_567_890_123

export function presence(test: Test): void {
  test('a beat shows the worker with its report', async ({ storage, worker }) => {
    await push(storage, ...jobs('job', 2, { queue: 'low' }))
    const w = worker('w')
    const [a, b] = await w.take(2, { queues: ['low'] })
    const [first, second] = [{ startedAt: STARTED, progress: { done: 3, total: 7 } }, { startedAt: STARTED + 7 }]
    const running = [
      { token: a.token, ...first },
      { token: b.token, ...second },
    ]
    equal(await w.hear({ running, quiet: true }), { signals: [], cancelled: [], lost: [] })
    const [shown] = await storage.workers()
    const byText = [...(shown?.running ?? [])].sort((one, other) => (one.text < other.text ? -1 : 1))
    equal(byText, [
      { queue: 'low', text: a.text, ...first },
      { queue: 'low', text: b.text, ...second },
    ])
    equal({ ...shown, running: [] }, { ...ABOUT, worker: 'w', quiet: true, running: [], beatAt: shown?.beatAt })
  })

  test('the last report is what counts, with the moment of its beat', async ({ storage, worker, advance }) => {
    const w = worker('w')
    await w.beat({ quiet: true })
    const [first] = await storage.workers()
    await advance(LEASE / 2)
    await w.beat({ about: { ...ABOUT, tag: 'renamed' } })
    const [second, ...others] = await storage.workers()
    equal([second?.tag, second?.quiet, others], ['renamed', false, []])
    const apart = (second?.beatAt ?? 0) - (first?.beatAt ?? 0)
    between(apart, LEASE / 2, LEASE / 2 + SLACK, 'the time between the beats')
  })

  test('workers are listed by id, as long as their lease runs', async ({ storage, worker, advance, lose }) => {
    const a = worker('a')
    await worker('b').beat()
    await worker('c', { leaseMs: 3 * LEASE }).beat()
    await a.beat()
    const listed = async () => (await storage.workers()).map((each) => each.worker)
    equal(await listed(), ['a', 'b', 'c'])
    await lose(a)
    await advance(LEASE - SLACK)
    await worker('b').beat()
    await advance(SLACK + SECOND)
    equal(await listed(), ['b', 'c'])
    equal((await storage.stats(0)).workers, 2)
  })

  test('a worker that has only claimed is there to be signalled', async ({ storage, worker }) => {
    equal(await storage.signal('w', 'quiet'), false)
    const w = worker('w')
    await w.claim(0)
    equal(await storage.signal('w', 'quiet'), true)
    equal((await w.beat()).signals, ['quiet'])
  })

  test('a beat makes the worker safe for its lease at least', async ({ worker }) => {
    ok((await worker('w').beat()).safeMs >= LEASE, 'safe for the lease')
  })

  test('a signal comes again until the worker says that it heard it', async ({ storage, worker }) => {
    const w = worker('w')
    await w.beat()
    await storage.signal('w', 'quiet')
    equal((await w.beat({ heard: [] })).signals, ['quiet'])
    equal((await w.beat({ heard: [] })).signals, ['quiet'])
    equal((await w.beat({ heard: ['quiet'] })).signals, [])
  })

  test('a worker that has only claimed is not listed yet', async ({ storage, worker }) => {
    await worker('w').claim(0)
    equal(await storage.workers(), [])
  })

  test('who lives no more cannot be signalled', async ({ storage, worker, lose, advance }) => {
    const w = worker('w')
    await w.beat()
    await lose(w)
    await advance(LEASE + SECOND)
    equal(await storage.signal('w', 'stop'), false)
  })

  test('what a worker settled itself is not lost to it', async ({ storage, worker }) => {
    await push(storage, ...jobs('job', 3))
    const w = worker('w')
    const [a, b, c] = await w.take(3)
    await w.settle(done(a), givenBack(b))
    equal((await w.beat({ held: [a.token, b.token, c.token] })).lost, [])
  })

  test('a signal is heard once, with the next beat', async ({ storage, connect, worker }) => {
    const [w, other] = [worker('w'), worker('other')]
    await w.beat()
    await other.beat()
    equal(await (await connect()).signal('w', 'quiet'), true)
    equal(await storage.signal('w', 'dump'), true)
    equal((await other.beat()).signals, [])
    equal([...(await w.beat()).signals].sort(), ['dump', 'quiet'])
    equal((await w.beat()).signals, [])
  })

  test('signals that are repeated count once, until they are heard', async ({ storage, worker }) => {
    const w = worker('w')
    await w.beat()
    equal([await storage.signal('w', 'dump'), await storage.signal('w', 'dump')], [true, true])
    equal((await w.beat()).signals, ['dump'])
    await w.beat()
    await storage.signal('w', 'dump')
    equal((await w.beat()).signals, ['dump'])
  })

  test('nobody can be signalled who is not there', async ({ storage, worker }) => {
    equal(await storage.signal('nobody', 'stop'), false)
    const w = worker('w')
    await w.beat()
    await storage.retire('w')
    equal(await storage.signal('w', 'stop'), false)
    equal((await w.beat()).signals, [])
  })

  test('jobs whose answer was lost go back to the front, in order', async ({ storage, worker }) => {
    await push(storage, ...jobs('low', 3, { queue: 'low' }), ...jobs('high', 3, { queue: 'high' }))
    const w = worker('w')
    const [kept] = await w.take(4, { queues: ['high', 'low'] })
    equal(await w.hear({ held: [kept.token] }), { signals: [], cancelled: [], lost: [] })
    equal(await waiting(storage, 'high'), ['high-1', 'high-2'])
    equal(await waiting(storage, 'low'), ['low-0', 'low-1', 'low-2'])
    equal((await w.settle(done(kept))).refused, [])
  })

  test('jobs whose answer was lost come again uncounted, with other tokens', async ({ storage, worker }) => {
    await push(storage, job('a'))
    const w = worker('w')
    const before = await w.takeOne()
    await w.beat({ held: [] })
    equal((await w.settle(done(before))).refused, [before.token])
    const after = await w.takeOne()
    ok(after.token !== before.token, 'a new token')
    equal(after.recoveries, 0)
  })

  test('jobs of a request that is not answered yet stay', async ({ storage, worker }) => {
    await push(storage, ...jobs('job', 3))
    const w = worker('w')
    const first = await w.takeOne({ lane: 'left' })
    const second = await w.takeOne({ lane: 'left' })
    const third = await w.takeOne({ lane: 'right' })
    await w.beat({ held: [first.token], answered: { left: 1 } })
    equal(await waiting(storage), [])
    equal((await w.settle(done(first), done(second), done(third))).refused, [])
  })

  test('each lane is answered for itself', async ({ storage, worker }) => {
    await push(storage, ...jobs('job', 4))
    const w = worker('w')
    await w.takeOne({ lane: 'left' })
    await w.takeOne({ lane: 'left' })
    await w.takeOne({ lane: 'right' })
    await w.beat({ held: [], answered: { left: 1, right: 1 } })
    equal(await waiting(storage), ['job-0', 'job-2', 'job-3'])
  })

  test("a beat leaves other workers' jobs alone", async ({ storage, worker }) => {
    await push(storage, job('a'))
    const a = await worker('w1').takeOne()
    await worker('w2').beat({ held: [] })
    equal(await waiting(storage), [])
    equal((await worker('w2').beat({ held: [a.token] })).cancelled, [])
    equal((await storage.stats(0)).running, 1)
  })

  test('a worker that retires is forgotten, and gives back in order what it holds', async ({ storage, worker }) => {
    await push(storage, ...jobs('low', 3, { queue: 'low' }), ...jobs('high', 3, { queue: 'high' }))
    const w = worker('w')
    await w.beat()
    await w.claim(2, { queues: ['high'] })
    await w.claim(2, { queues: ['low'] })
    await w.claim(1, { queues: ['high'], lane: 'other' })
    await storage.retire('w')
    equal(await storage.workers(), [])
    equal(await waiting(storage, 'high'), ['high-0', 'high-1', 'high-2'])
    equal(await waiting(storage, 'low'), ['low-0', 'low-1', 'low-2'])
    equal((await storage.stats(0)).running, 0)
  })

  test('what a retired worker gave back is not counted, and its late word is refused', async ({ storage, worker }) => {
    const entry = job('a')
    await push(storage, entry)
    const w = worker('w')
    const a = await w.takeOne()
    await storage.retire('w')
    equal((await w.settle(done(a))).refused, [a.token])
    const again = await worker('other').takeOne()
    equal({ text: again.text, recoveries: again.recoveries }, { text: entry.text, recoveries: 0 })
  })

  test('retiring twice, or somebody unknown, does nothing', async ({ storage, worker }) => {
    await push(storage, job('a'), job('b'))
    const w = worker('w')
    await w.takeOne()
    await storage.retire('w')
    await storage.retire('w')
    await storage.retire('nobody')
    equal(await waiting(storage), ['a', 'b'])
  })

  test('a retired worker may come back', async ({ storage, worker }) => {
    await push(storage, job('a'))
    const w = worker('w')
    await w.beat()
    await storage.retire('w')
    await w.beat()
    equal(jids(await w.claim(1)), ['a'])
    equal((await storage.workers()).length, 1)
  })

  test('a beat renews the lease of what is held', async ({ storage, worker, live }) => {
    await push(storage, job('a'))
    const [w, other] = [worker('w'), worker('other')]
    const a = await w.takeOne()
    await live(HOUR, w, other)
    equal((await storage.recover('other')).requeued, 0)
    equal((await w.settle(givenBack(a))).refused, [])
  })
}
