import { equal, ok } from '../assert.ts'
import { jids, job, jobs, push } from '../jobs.ts'
import { waiting } from '../places.ts'
import type { Test } from '../store.ts'
import { done, givenBack } from '../workers.ts'

export function claiming(test: Test): void {
  test('the oldest jobs come first, and no more than were asked for', async ({ storage, worker }) => {
    await push(storage, ...jobs('job', 5))
    const w = worker('w')
    equal(jids(await w.claim(2)), ['job-0', 'job-1'])
    equal(jids(await w.claim(2)), ['job-2', 'job-3'])
    equal(jids(await w.claim(2)), ['job-4'])
    equal(await w.claim(2), [])
  })

  test('queues are asked in the order given', async ({ storage, worker }) => {
    await push(storage, ...jobs('low', 3, { queue: 'low' }), ...jobs('high', 2, { queue: 'high' }))
    const claimed = await worker('w').claim(4, { queues: ['high', 'empty', 'low'] })
    equal(jids(claimed), ['high-0', 'high-1', 'low-0', 'low-1'])
    const other = worker('other')
    await push(storage, job('high-2', { queue: 'high' }))
    equal(jids(await other.claim(2, { queues: ['low', 'high'] })), ['low-2', 'high-2'])
  })

  test('a queue that is not named is left alone', async ({ storage, worker }) => {
    await push(storage, job('a', { queue: 'mine' }), job('b', { queue: 'other' }))
    equal(jids(await worker('w').claim(5, { queues: ['mine'] })), ['a'])
    equal(await worker('w2').claim(5, { queues: [] }), [])
    equal(await waiting(storage, 'other'), ['b'])
  })

  test('a claimed job tells its queue, its text, and that it was never recovered', async ({ storage, worker }) => {
    const entry = job('a', { queue: 'low' })
    await push(storage, entry)
    const claimed = await worker('w').takeOne({ queues: ['high', 'low'] })
    equal(claimed, { token: claimed.token, queue: 'low', text: entry.text, recoveries: 0 })
    equal(typeof claimed.token, 'number')
  })

  test('a job is moved, not copied: it leaves its queue and is in its keeping', async ({ storage, worker }) => {
    await push(storage, ...jobs('job', 3))
    await worker('w').claim(2)
    equal(await waiting(storage), ['job-2'])
    const { enqueued, running } = await storage.stats(0)
    equal({ enqueued, running }, { enqueued: 1, running: 2 })
  })

  test('a job claimed by one worker is never given to another', async ({ storage, connect, worker }) => {
    await push(storage, ...jobs('job', 3))
    equal(jids(await worker('w1').claim(2)), ['job-0', 'job-1'])
    const w2 = worker('w2', { storage: await connect() })
    equal(jids(await w2.claim(5)), ['job-2'])
    equal(await worker('w1').claim(5, { lane: 'next' }), [])
  })

  test('a limit of 0 claims nothing', async ({ storage, worker }) => {
    await push(storage, job('a'))
    equal(await worker('w').claim(0), [])
    equal(await waiting(storage), ['a'])
  })

  test('nothing to do is an empty answer', async ({ worker }) => {
    equal(await worker('w').exchange({ limit: 10 }), { jobs: [], refused: [] })
  })

  test('a worker never has the same token twice', async ({ storage, worker }) => {
    await push(storage, ...jobs('job', 6))
    const w = worker('w')
    const tokens: number[] = []
    for (const lane of ['a', 'b', 'a', 'b', 'a', 'b']) {
      const [first] = await w.claim(2, { lane })
      ok(first, 'a job for each claim')
      tokens.push(first.token)
      await w.exchange({ lane, settlements: [tokens.length % 2 === 0 ? done(first) : givenBack(first)] })
      await w.beat({ held: [] })
    }
    equal(new Set(tokens).size, tokens.length, 'the number of different tokens')
  })

  test('what is settled in an exchange is settled before it claims', async ({ storage, worker }) => {
    await push(storage, job('a'), job('b'))
    const w = worker('w')
    const first = await w.takeOne()
    const [again, ...others] = await w.claim(1, { settlements: [givenBack(first)] })
    equal(others, [])
    ok(again && again.token !== first.token, 'a new token for a job that is claimed again')
    equal(jids([again]), ['a'])
  })

  test('a claim sees what another connection pushed', async ({ connect, worker }) => {
    await push(await connect(), job('a'))
    equal(jids(await worker('w').claim(1)), ['a'])
  })
}
