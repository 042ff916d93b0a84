import { between, equal } from '../assert.ts'
import { jids, job, jobs, push } from '../jobs.ts'
import { jidsIn, rowsIn, textsIn, waiting } from '../places.ts'
import type { Test } from '../store.ts'
import { HOUR, LEASE, MINUTE, SLACK } from '../time.ts'
import { died, done, givenBack, retried } from '../workers.ts'

export function settling(test: Test): void {
  test('a job that is done is nowhere any more', async ({ storage, worker }) => {
    await push(storage, job('a'))
    const w = worker('w')
    equal(await w.settle(done(await w.takeOne())), { jobs: [], refused: [] })
    const { processed, failed, enqueued, scheduled, retry, dead, running } = await storage.stats(0)
    equal(
      { processed, failed, enqueued, scheduled, retry, dead, running },
      { processed: 1, failed: 0, enqueued: 0, scheduled: 0, retry: 0, dead: 0, running: 0 },
    )
  })

  test('a job to be retried waits in the retry set, with the text given', async ({ storage, worker }) => {
    await push(storage, job('late'), job('soon'), job('scheduled', { delayMs: HOUR }))
    const w = worker('w')
    const [late, soon] = await w.take(2)
    const { text } = job('soon', { fields: { retry_count: 0 } })
    await w.settle(retried(late, 3 * HOUR), { ...retried(soon, HOUR), to: 'retry', delayMs: HOUR, text })
    equal(await jidsIn(storage, 'retry'), ['soon', 'late'])
    equal((await textsIn(storage, 'retry'))[0], text)
    const due = (await rowsIn(storage, 'scheduled'))[0]?.at ?? 0
    between((await rowsIn(storage, 'retry'))[0]?.at, due, due + SLACK, 'when the retry is due')
  })

  test('a job put off waits in the scheduled set, with the text given', async ({ storage, worker }) => {
    await push(storage, job('a'))
    const w = worker('w')
    const { token } = await w.takeOne()
    const { text } = job('a', { fields: { cursor: 7 } })
    await w.settle({ to: 'scheduled', token, delayMs: HOUR, text, tally: 'none' })
    equal(await textsIn(storage, 'scheduled'), [text])
    const { processed, retry, running } = await storage.stats(0)
    equal({ processed, retry, running }, { processed: 0, retry: 0, running: 0 })
  })

  test('a job that died is in the dead set, with the text given, the longest dead first', async (store) => {
    const { storage, worker, advance } = store
    await push(storage, job('b'), job('a'), job('scheduled', { delayMs: HOUR }))
    const w = worker('w')
    const [b, a] = await w.take(2)
    await w.settle(died(b))
    await advance(MINUTE)
    const { text } = job('a', { fields: { error_class: 'Error' } })
    await w.settle({ ...died(a), to: 'dead', text })
    equal(await jidsIn(storage, 'dead'), ['b', 'a'])
    equal((await textsIn(storage, 'dead'))[1], text)
    const began = ((await rowsIn(storage, 'scheduled'))[0]?.at ?? 0) - HOUR
    between((await rowsIn(storage, 'dead'))[1]?.at, began + MINUTE, began + MINUTE + SLACK, 'when it died')
  })

  test('a job given back is at the front of its queue, as it was', async ({ storage, worker }) => {
    const entry = job('a')
    await push(storage, entry, job('b'))
    const w = worker('w')
    await w.settle(givenBack(await w.takeOne()))
    equal(await waiting(storage), ['a', 'b'])
    const again = await w.takeOne()
    equal({ text: again.text, recoveries: again.recoveries }, { text: entry.text, recoveries: 0 })
  })

  test('jobs given back together keep their order', async ({ storage, worker }) => {
    await push(storage, ...jobs('low', 3, { queue: 'low' }), ...jobs('high', 3, { queue: 'high' }))
    const w = worker('w')
    const claimed = await w.claim(4, { queues: ['high', 'low'] })
    await w.settle(...claimed.map((one) => givenBack(one)))
    equal(await waiting(storage, 'high'), ['high-0', 'high-1', 'high-2'])
    equal(await waiting(storage, 'low'), ['low-0', 'low-1', 'low-2'])
  })

  test('what is given back later stands before what was given back earlier', async ({ storage, worker }) => {
    await push(storage, ...jobs('job', 3))
    const w = worker('w')
    const [first, second] = await w.take(2)
    await w.settle(givenBack(first))
    await w.settle(givenBack(second))
    equal(await waiting(storage), ['job-1', 'job-0', 'job-2'])
  })

  test('jobs settled one by one go where each belongs', async ({ storage, worker }) => {
    await push(storage, ...jobs('job', 4))
    const w = worker('w')
    const [a, b, c, d] = await w.take(4)
    equal((await w.settle(done(a), retried(b, HOUR), died(c), givenBack(d))).refused, [])
    equal(await jidsIn(storage, 'retry'), ['job-1'])
    equal(await jidsIn(storage, 'dead'), ['job-2'])
    equal(await waiting(storage), ['job-3'])
    equal((await storage.stats(0)).running, 0)
  })

  test('settle and claim are one step', async ({ storage, worker }) => {
    await push(storage, ...jobs('job', 3))
    const w = worker('w')
    const first = await w.takeOne()
    equal(jids(await w.claim(5, { settlements: [done(first)] })), ['job-1', 'job-2'])
    equal((await storage.stats(0)).processed, 1)
  })

  test('a token settled already is refused, and nothing happens', async ({ storage, worker }) => {
    await push(storage, job('a'))
    const w = worker('w')
    const a = await w.takeOne()
    await w.settle(done(a))
    equal(await w.settle(retried(a, HOUR)), { jobs: [], refused: [a.token] })
    equal(await w.settle(died(a)), { jobs: [], refused: [a.token] })
    equal(await w.settle(givenBack(a)), { jobs: [], refused: [a.token] })
    const { processed, failed, enqueued, retry, dead } = await storage.stats(0)
    equal({ processed, failed, enqueued, retry, dead }, { processed: 1, failed: 0, enqueued: 0, retry: 0, dead: 0 })
  })

  test("another worker's token is refused", async ({ storage, worker }) => {
    await push(storage, job('a'))
    const w1 = worker('w1')
    const a = await w1.takeOne()
    equal((await worker('w2').settle(done(a))).refused, [a.token])
    equal((await w1.settle(done(a))).refused, [])
  })

  test('a refused settlement frees no lock', async ({ storage, worker }) => {
    await storage.lock('lock', 'a', HOUR)
    await push(storage, job('a'))
    const w = worker('w')
    const a = await w.takeOne()
    await w.settle(givenBack(a))
    await w.settle(done(a, { unlock: { key: 'lock', owner: 'a' } }))
    equal(await storage.unlock('lock', 'a'), true)
  })

  test('one refused settlement does not harm the others, nor the claim', async ({ storage, worker }) => {
    await push(storage, ...jobs('job', 4))
    const w = worker('w')
    const [a, b, c] = await w.take(3)
    await w.settle(done(b))
    const answer = await w.exchange({ settlements: [done(a), died(b), done(c)], limit: 1 })
    equal(answer.refused, [b.token])
    equal(jids(answer.jobs), ['job-3'])
    equal((await storage.stats(0)).processed, 3)
  })

  test('a late settle is taken when nobody has recovered the job', async ({ storage, worker, live }) => {
    await push(storage, job('a'))
    const late = worker('late')
    const a = await late.takeOne()
    await live(2 * LEASE, worker('other'))
    equal((await late.settle(done(a))).refused, [])
    equal((await storage.stats(0)).processed, 1)
  })

  test('each settlement is counted as it says', async ({ storage, worker }) => {
    await push(storage, ...jobs('job', 7))
    const w = worker('w')
    const [a, b, c, d, e, f, g] = await w.take(7)
    await w.settle(done(a), retried(b, HOUR), givenBack(c), done(d, { tally: 'none' }))
    await w.settle(died(e), done(f, { tally: 'failed' }), retried(g, HOUR, { tally: 'none' }))
    const { processed, failed } = await storage.stats(0)
    equal({ processed, failed }, { processed: 4, failed: 3 })
  })
}
