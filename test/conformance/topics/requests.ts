import { equal, rejects } from '../assert.ts'
import { jids, job, jobs, push } from '../jobs.ts'
import { jidsIn, waiting } from '../places.ts'
import type { Test } from '../store.ts'
import { HOUR } from '../time.ts'
import { done, givenBack, retried } from '../workers.ts'

export function requests(test: Test): void {
  test('the same request gives the same jobs again, and claims no others', async ({ storage, worker }) => {
    await push(storage, ...jobs('job', 5))
    const w = worker('w')
    const request = w.next({ limit: 2 })
    const answer = await w.send(request)
    equal(await w.send(request), answer)
    equal(await w.send(request), answer)
    equal(await waiting(storage), ['job-2', 'job-3', 'job-4'])
    equal((await storage.stats(0)).running, 2)
  })

  test('a request may be repeated through another connection', async ({ storage, connect, worker }) => {
    await push(storage, ...jobs('job', 3))
    const w = worker('w')
    const request = w.next({ limit: 2 })
    const answer = await w.send(request)
    equal(await (await connect()).exchange(request), answer)
    equal(await waiting(storage), ['job-2'])
  })

  test('an empty answer is repeated too, though there is work by now', async ({ storage, worker }) => {
    const w = worker('w')
    const request = w.next({ limit: 2 })
    equal(await w.send(request), { jobs: [], refused: [] })
    await push(storage, job('a'))
    equal(await w.send(request), { jobs: [], refused: [] })
    equal(jids(await w.claim(2)), ['a'])
  })

  test('what a request settles happens once', async ({ storage, worker }) => {
    await push(storage, job('done'), job('retried'), job('back'))
    const w = worker('w')
    const [a, b, c] = await w.take(3)
    const request = w.next({ settlements: [done(a), retried(b, HOUR), givenBack(c)] })
    equal(await w.send(request), { jobs: [], refused: [] })
    equal(await w.send(request), { jobs: [], refused: [] })
    equal(await jidsIn(storage, 'retry'), ['retried'])
    equal(await waiting(storage), ['back'])
    const { processed, failed } = await storage.stats(0)
    equal({ processed, failed }, { processed: 2, failed: 1 })
  })

  test('refusals are repeated', async ({ storage, worker }) => {
    await push(storage, job('a'), job('b'))
    const w = worker('w')
    const a = await w.takeOne()
    await w.settle(done(a))
    const request = w.next({ settlements: [done(a)], limit: 1 })
    const answer = await w.send(request)
    equal(answer.refused, [a.token])
    equal(await w.send(request), answer)
  })

  test('an older request is an OptionError, and nothing of it happens', async ({ storage, worker }) => {
    await push(storage, ...jobs('job', 3))
    const w = worker('w')
    const old = w.next({ limit: 1 })
    await w.send(old)
    const a = await w.takeOne()
    await rejects(() => w.send(old), 'ERR_OPTION')
    await rejects(() => w.send({ ...old, settlements: [done(a)] }), 'ERR_OPTION')
    equal(await waiting(storage), ['job-2'])
    const { processed, running } = await storage.stats(0)
    equal({ processed, running }, { processed: 0, running: 2 })
  })

  test('the numbers of a lane may have gaps', async ({ storage, worker }) => {
    await push(storage, job('a'), job('b'))
    const w = worker('w')
    equal(jids((await w.send({ ...w.next({ limit: 1 }), request: 7 })).jobs), ['a'])
    equal(jids((await w.send({ ...w.next({ limit: 1 }), request: 1_000_000 })).jobs), ['b'])
    await rejects(() => w.send({ ...w.next({ limit: 1 }), request: 999_999 }), 'ERR_OPTION')
  })

  test('each lane counts for itself', async ({ storage, worker }) => {
    await push(storage, ...jobs('job', 4))
    const w = worker('w')
    const left = w.next({ lane: 'left', limit: 1 })
    const leftAnswer = await w.send(left)
    equal(jids(await w.claim(1, { lane: 'right' })), ['job-1'])
    equal(jids(await w.claim(1, { lane: 'right' })), ['job-2'])
    equal(await w.send(left), leftAnswer)
    equal(jids(await w.claim(1, { lane: 'left' })), ['job-3'])
  })

  test('each worker counts for itself', async ({ storage, worker }) => {
    await push(storage, ...jobs('job', 3))
    const request = worker('w1').next({ limit: 1 })
    const answer = await storage.exchange(request)
    equal(jids((await storage.exchange({ ...request, worker: 'w2' })).jobs), ['job-1'])
    equal(await storage.exchange(request), answer)
  })

  test('a request repeated at the same time is one request', async ({ storage, connect, worker }) => {
    await push(storage, ...jobs('job', 10))
    const request = worker('w').next({ limit: 2 })
    const others = [storage, await connect(), await connect()]
    const answers = await Promise.all(others.map((other) => other.exchange(request)))
    for (const answer of answers) equal(answer, answers[0])
    equal((await waiting(storage)).length, 8)
  })
}
