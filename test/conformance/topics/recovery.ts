import { between, equal, ok } from '../assert.ts'
import { jids, job, jobs, push } from '../jobs.ts'
import { queue, textsIn, waiting } from '../places.ts'
import type { Test } from '../store.ts'
import { HOUR, LEASE, SECOND, SLACK } from '../time.ts'
import { done, givenBack, retried } from '../workers.ts'

export function recovery(test: Test): void {
  test('a worker lost between claim and settle loses nothing', async ({ storage, worker, rescue }) => {
    const entries = jobs('job', 3)
    await push(storage, ...entries)
    await worker('lost').claim(2)
    equal((await rescue(worker('rescuer'))).requeued, 2)
    const texts = await textsIn(storage, queue('default'))
    equal([...texts].sort(), entries.map(({ text }) => text).sort())
    equal((await storage.stats(0)).running, 0)
  })

  test('recovered jobs go to the back of their queues, in order', async ({ storage, worker, rescue }) => {
    await push(storage, ...jobs('low', 3, { queue: 'low' }), ...jobs('high', 4, { queue: 'high' }))
    const lost = worker('lost')
    await lost.claim(2, { queues: ['high'] })
    await lost.claim(1, { queues: ['low'] })
    await rescue(worker('rescuer'))
    equal(await waiting(storage, 'high'), ['high-2', 'high-3', 'high-0', 'high-1'])
    equal(await waiting(storage, 'low'), ['low-1', 'low-2', 'low-0'])
  })

  test('a claim alone makes a lease, and while it runs nothing is recovered', async (store) => {
    const { storage, worker, live, lose } = store
    const [rescuer, lost] = [worker('rescuer'), worker('lost')]
    await live(2 * LEASE, rescuer)
    await push(storage, job('a'))
    await lost.claim(1)
    await live(LEASE - SLACK, rescuer)
    equal((await storage.recover('rescuer')).requeued, 0)
    await lose(lost)
    await live(SLACK + SECOND, rescuer)
    equal((await storage.recover('rescuer')).requeued, 1)
  })

  test('an exchange renews the lease as a beat does', async ({ storage, worker, live }) => {
    await push(storage, job('a'))
    const [busy, rescuer] = [worker('busy'), worker('rescuer')]
    await busy.claim(1)
    await live(LEASE / 2, rescuer)
    await busy.exchange({ lane: 'settle' })
    await live(LEASE - SLACK, rescuer)
    equal((await storage.recover('rescuer')).requeued, 0)
  })

  test('a lease is as long as its worker says', async ({ storage, worker, live, lose }) => {
    await push(storage, job('a'))
    const [rescuer, patient] = [worker('rescuer'), worker('patient', { leaseMs: HOUR })]
    await patient.claim(1)
    await live(HOUR - SLACK, rescuer)
    equal((await storage.recover('rescuer')).requeued, 0)
    await lose(patient)
    await live(SLACK + SECOND, rescuer)
    equal((await storage.recover('rescuer')).requeued, 1)
  })

  test('the lost are forgotten', async ({ storage, worker, rescue }) => {
    await worker('lost').beat()
    await rescue(worker('rescuer'))
    equal(await storage.signal('lost', 'stop'), false)
    const listed = (await storage.workers()).map((each) => each.worker)
    equal(listed, ['rescuer'])
  })

  test('several lost workers are recovered together, and those who live are left alone', async (store) => {
    const { storage, worker, rescue } = store
    await push(storage, ...jobs('job', 3))
    await worker('lost1').claim(1)
    await worker('lost2').claim(1)
    const alive = worker('alive')
    const kept = await alive.takeOne()
    equal((await rescue(worker('rescuer'), alive)).requeued, 2)
    equal([...(await waiting(storage))].sort(), ['job-0', 'job-1'])
    equal((await alive.settle(done(kept))).refused, [])
  })

  test('recovering again finds nothing', async ({ storage, worker, rescue }) => {
    await push(storage, job('a'))
    await worker('lost').claim(1)
    await rescue(worker('rescuer'))
    equal((await storage.recover('rescuer')).requeued, 0)
    equal(await waiting(storage), ['a'])
  })

  test('what the lost worker says later is refused, and nothing of it happens', async (store) => {
    const { storage, worker, rescue } = store
    await push(storage, job('a'))
    const lost = worker('lost')
    const a = await lost.takeOne()
    const rescuer = worker('rescuer')
    await rescue(rescuer)
    const again = await rescuer.takeOne()
    equal(await lost.settle(retried(a, HOUR)), { jobs: [], refused: [a.token] })
    equal((await lost.settle(givenBack(a))).refused, [a.token])
    equal((await rescuer.settle(done(again))).refused, [])
    const { processed, failed, retry, enqueued } = await storage.stats(0)
    equal({ processed, failed, retry, enqueued }, { processed: 1, failed: 0, retry: 0, enqueued: 0 })
  })

  test('a worker taken for lost hears of it with its next beat, and works on', async ({ storage, worker, rescue }) => {
    await push(storage, job('a'))
    const lost = worker('lost')
    const a = await lost.takeOne()
    await rescue(worker('rescuer'))
    equal(await lost.hear(), { signals: [], cancelled: [], lost: [a.token] })
    const again = await lost.takeOne()
    ok(again.token !== a.token, 'a token that it has not had before')
    equal((await lost.settle(done(a), done(again))).refused, [a.token])
  })

  test('nothing is recovered by a worker that has not been present for a full lease', async (store) => {
    const { storage, worker, live, advance, lose } = store
    await push(storage, job('a'))
    const lost = worker('lost')
    await lost.claim(1)
    await advance(10 * LEASE)
    equal((await storage.recover('stranger')).requeued, 0)
    const rescuer = worker('rescuer')
    await live(LEASE - SLACK, rescuer)
    equal((await storage.recover('rescuer')).requeued, 0)
    await lose(lost)
    await live(SLACK + SECOND, rescuer)
    equal((await storage.recover('rescuer')).requeued, 1)
  })

  test('claims are presence as beats are', async ({ storage, worker, advance, lose }) => {
    await push(storage, job('a'))
    const lost = worker('lost')
    await lost.claim(1)
    await lose(lost)
    const rescuer = worker('rescuer')
    for (let left = LEASE + SECOND; left > 0; left -= LEASE / 2) {
      await rescuer.claim(0)
      await advance(Math.min(left, LEASE / 2))
    }
    await rescuer.claim(0)
    equal((await storage.recover('rescuer')).requeued, 1)
  })

  test('an outage is not a massacre: every lease is over, and nobody is dead', async (store) => {
    const { storage, worker, live, advance } = store
    await push(storage, ...jobs('job', 2))
    const [w1, w2] = [worker('w1'), worker('w2')]
    const mine = await w1.takeOne()
    await w2.takeOne()
    await live(2 * LEASE, w1, w2)
    await advance(10 * LEASE)
    equal((await storage.recover('w2')).requeued, 0)
    await w2.beat()
    equal((await storage.recover('w2')).requeued, 0)
    equal((await w1.beat()).lost, [])
    await live(LEASE + SECOND, w1, w2)
    equal((await storage.recover('w2')).requeued, 0)
    equal((await w1.settle(done(mine))).refused, [])
  })

  test('whoever comes back when it is told to finds the lost jobs', async ({ storage, worker, live, lose }) => {
    await push(storage, job('a'))
    const lost = worker('lost')
    await lost.claim(1)
    await lose(lost)
    const rescuer = worker('rescuer')
    await rescuer.beat()
    const waits: number[] = []
    let answer = await storage.recover('rescuer')
    for (; answer.requeued === 0 && waits.length < 5; answer = await storage.recover('rescuer')) {
      between(answer.nextMs, 1, LEASE, 'the time until another call may find something')
      waits.push(answer.nextMs ?? 0)
      await live((answer.nextMs ?? 0) + SECOND, rescuer)
    }
    equal(answer.requeued, 1)
    ok(waits.length <= 2, `one wait or two, not ${waits.length}`)
  })

  test('the time until another call is that of the next lease to end', async ({ storage, worker, live }) => {
    const rescuer = worker('rescuer')
    await live(LEASE + SECOND, rescuer)
    await worker('late', { leaseMs: HOUR }).claim(0)
    await worker('soon', { leaseMs: HOUR / 2 }).claim(0)
    const { nextMs } = await storage.recover('rescuer')
    between(nextMs, HOUR / 2 - SLACK, HOUR / 2, 'the time until another call may find something')
  })

  test('recovered jobs can be claimed by anybody, and tell how often it happened', async (store) => {
    const { storage, worker, rescue } = store
    await push(storage, job('a'), job('b'))
    await worker('lost').claim(1)
    const rescuer = worker('rescuer')
    await rescue(rescuer)
    const claimed = await rescuer.take(2)
    equal(jids(claimed), ['b', 'a'])
    equal(
      claimed.map(({ recoveries }) => recoveries),
      [0, 1],
    )
  })
}
