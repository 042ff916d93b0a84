import { equal } from '../assert.ts'
import { jids, job, push } from '../jobs.ts'
import { queue, waiting } from '../places.ts'
import type { Test } from '../store.ts'
import { HOUR } from '../time.ts'
import { done } from '../workers.ts'

/** What plain objects have already, without anybody having put it there. */
const NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']

export function names(test: Test): void {
  for (const name of NAMES) {
    test(`${name} is a queue like any other`, async ({ storage, worker }) => {
      equal(await storage.page(queue(name), { offset: 0, limit: 1 }), { rows: [], total: 0 })
      equal(await storage.clear(queue(name)), 0)
      await push(storage, job('a', { queue: name }), job('b', { queue: name }))
      equal(
        (await storage.queues()).map((each) => [each.name, each.size, each.paused]),
        [[name, 2, false]],
      )
      await storage.pause(name, true)
      equal(await worker('w').claim(1, { queues: [name], lane: 'paused' }), [])
      await storage.pause(name, false)
      equal(jids(await worker('w').claim(1, { queues: [name] })), ['a'])
      equal(await waiting(storage, name), ['b'])
    })

    test(`${name} is a worker like any other, and a lane`, async ({ storage, worker, rescue }) => {
      equal(await storage.signal(name, 'stop'), false)
      await push(storage, job('a'))
      const w = worker(name)
      const request = w.next({ lane: name, limit: 1 })
      const answer = await w.send(request)
      equal(jids(answer.jobs), ['a'])
      equal(await w.send(request), answer)
      await w.beat()
      equal(
        (await storage.workers()).map((each) => each.worker),
        [name],
      )
      equal((await rescue(worker('rescuer'))).requeued, 1)
      await w.claim(1, { lane: name })
      await w.beat({ held: [] })
      equal(await waiting(storage), ['a'])
      await storage.retire(name)
      equal(await storage.signal(name, 'stop'), false)
    })

    test(`${name} is a jid and a client like any other`, async ({ storage, worker }) => {
      const entry = job(name, { chosen: true, unique: { key: name, forMs: HOUR } })
      equal(await storage.cancel(name), 'gone')
      const id = { client: name, number: 1 }
      equal(await storage.push([entry], id), [])
      equal(await storage.push([job('other')], id), [])
      equal(await push(storage, entry, job('late', { unique: { key: name, forMs: HOUR } })), [
        { index: 1, holder: name },
      ])
      equal(await waiting(storage), [name])
      const w = worker('w')
      const claimed = await w.takeOne()
      equal([claimed.recoveries, await storage.cancel(name)], [0, 'running'])
      equal((await w.settle(done(claimed, { unlock: { key: name, owner: name } }))).refused, [])
      equal(await storage.unlock(name, name), false)
    })

    test(`${name} is a lock, an owner and a document like any other`, async ({ storage }) => {
      equal(await storage.unlock(name, name), false)
      equal(await storage.lock(name, name, HOUR), name)
      equal(await storage.lock(name, 'other', HOUR), name)
      equal(await storage.unlock(name, name), true)
      equal(await storage.readDocument(name), undefined)
      equal(await storage.writeDocument(name, name, 0), true)
      equal((await storage.readDocument(name))?.text, name)
    })

    test(`${name} is a namespace like any other`, async ({ connect }) => {
      const storage = await connect({ namespace: name })
      equal(await storage.queues(), [])
      await push(storage, job('a'))
      equal(await waiting(storage), ['a'])
    })
  }

  test('names may carry any letters', async ({ storage }) => {
    for (const name of ['ä 漢 🚲', 'a:b', 'a|b', 'a\u0000b', '{a}', '*', '"quoted"', "it's", ' ', '\n']) {
      equal(await storage.lock(name, name, HOUR), name)
      equal(await storage.writeDocument(name, name, 0), true)
      equal((await storage.readDocument(name))?.text, name)
      await push(storage, job(name, { chosen: true }), job(name, { chosen: true }))
    }
    equal((await waiting(storage)).length, 10)
  })
}
