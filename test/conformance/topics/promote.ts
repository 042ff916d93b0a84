import { between, equal, ok } from '../assert.ts'
import { job, jobs, push, raw } from '../jobs.ts'
import { jidsIn, queue, rowsIn, textsIn, waiting } from '../places.ts'
import { differsOnlyInEnqueuedAt, enqueuedAt } from '../same-bytes.ts'
import type { Store, Test } from '../store.ts'
import { HOUR, MINUTE, SECOND, SLACK } from '../time.ts'
import { retried } from '../workers.ts'

/** Brings a job to the retry set, due after the delay. */
async function retryIn({ storage, worker }: Store, jid: string, delayMs: number): Promise<void> {
  await push(storage, job(jid, { queue: 'retried' }))
  const w = worker(`worker of ${jid}`)
  await w.settle(retried(await w.takeOne({ queues: ['retried'] }), delayMs))
}

export function promoting(test: Test): void {
  test('nothing is promoted before it is due', async ({ storage, advance }) => {
    await push(storage, job('a', { delayMs: HOUR }))
    await advance(HOUR - SLACK)
    equal((await storage.promote(10)).promoted, 0)
    equal(await jidsIn(storage, 'scheduled'), ['a'])
    await advance(SLACK)
    equal(await storage.promote(10), { promoted: 1, nextMs: undefined })
    equal(await jidsIn(storage, 'scheduled'), [])
    equal(await waiting(storage), ['a'])
  })

  test('jobs to be retried are promoted as scheduled ones are', async (store) => {
    const { storage, advance } = store
    await retryIn(store, 'a', MINUTE)
    equal((await storage.promote(10)).promoted, 0)
    await advance(MINUTE)
    equal(await storage.promote(10), { promoted: 1, nextMs: undefined })
    equal(await waiting(storage, 'retried'), ['a'])
    equal(await rowsIn(storage, 'retry'), [])
  })

  test('a retry without delay is due at once', async (store) => {
    await retryIn(store, 'a', 0)
    equal((await store.storage.promote(10)).promoted, 1)
    equal(await waiting(store.storage, 'retried'), ['a'])
  })

  test('the soonest due go first, out of both sets', async (store) => {
    const { storage, advance } = store
    const options = (minutes: number) => ({ queue: 'retried', delayMs: minutes * MINUTE })
    await retryIn(store, '2nd', 2 * MINUTE)
    await retryIn(store, '4th', 4 * MINUTE)
    await push(storage, job('5th', options(5)), job('3rd', options(3)), job('1st', options(1)))
    await advance(6 * MINUTE)
    equal(await storage.promote(3), { promoted: 3, nextMs: 0 })
    equal(await waiting(storage, 'retried'), ['1st', '2nd', '3rd'])
    equal(await storage.promote(3), { promoted: 2, nextMs: undefined })
    equal(await waiting(storage, 'retried'), ['1st', '2nd', '3rd', '4th', '5th'])
  })

  test('each goes to the back of its own queue', async ({ storage, advance }) => {
    const later = (jid: string, name: string) => job(jid, { queue: name, delayMs: MINUTE })
    await push(storage, later('a', 'high'), later('b', 'low'), job('before', { queue: 'high' }))
    await advance(MINUTE)
    await storage.promote(10)
    await push(storage, job('after', { queue: 'high' }))
    equal(await waiting(storage, 'high'), ['before', 'a', 'after'])
    equal(await waiting(storage, 'low'), ['b'])
  })

  test('a retried job goes to the queue that its new text names', async ({ storage, worker }) => {
    await push(storage, job('a'))
    const w = worker('w')
    const { token } = await w.takeOne()
    const { text } = job('a', { queue: 'slow' })
    await w.settle({ to: 'retry', token, delayMs: 0, text, tally: 'failed' })
    await storage.promote(1)
    equal(await waiting(storage, 'slow'), ['a'])
  })

  test('the text has the last word on the queue, and where it has none it is default', async ({ storage, advance }) => {
    const texts = [job('a', { queue: 'named' }).text, '{"class":"A","args":[],"jid":"b"}', '{"queue":7}', 'no JSON']
    await push(storage, ...texts.map((text, n) => ({ ...raw(`job-${n}`, text, MINUTE), queue: 'other' })))
    await advance(MINUTE)
    equal((await storage.promote(10)).promoted, 4)
    const sizes = (await storage.queues()).map(({ name, size }) => [name, size])
    equal(sizes, [
      ['default', 3],
      ['named', 1],
    ])
  })

  test('it tells when the next one is due', async (store) => {
    const { storage, advance } = store
    equal(await storage.promote(10), { promoted: 0, nextMs: undefined })
    await push(storage, job('late', { delayMs: 2 * HOUR }))
    await retryIn(store, 'soon', HOUR)
    between((await storage.promote(10)).nextMs, HOUR - SLACK, HOUR, 'the time until the next')
    await advance(HOUR)
    const { promoted, nextMs } = await storage.promote(1)
    equal(promoted, 1)
    between(nextMs, HOUR - SLACK, HOUR, 'the time until the next')
  })

  test('more than the limit asks to be called again at once', async ({ storage, advance }) => {
    await push(storage, ...jobs('job', 5, { delayMs: MINUTE }))
    await advance(MINUTE)
    equal(await storage.promote(2), { promoted: 2, nextMs: 0 })
    equal(await storage.promote(2), { promoted: 2, nextMs: 0 })
    equal(await storage.promote(2), { promoted: 1, nextMs: undefined })
  })

  test('a job gets the time at which it entered its queue', async ({ storage, advance }) => {
    await push(storage, job('a', { delayMs: MINUTE }))
    const due = (await rowsIn(storage, 'scheduled'))[0]?.at ?? 0
    await advance(10 * MINUTE)
    await storage.promote(1)
    const [text = ''] = await textsIn(storage, queue('default'))
    between(enqueuedAt(text) * SECOND, due + 9 * MINUTE, due + 9 * MINUTE + SLACK, 'its enqueued_at')
  })

  test('an older enqueued_at is replaced where it stands', async ({ storage, advance }) => {
    const text = '{"jid":"a","queue":"default","enqueued_at":1767268800.001,"class":"A","args":[]}'
    await push(storage, raw('a', text, MINUTE))
    await advance(MINUTE)
    await storage.promote(1)
    const [promoted = ''] = await textsIn(storage, queue('default'))
    ok(promoted.startsWith('{"jid":"a","queue":"default","enqueued_at":17'), `the fields in their order: ${promoted}`)
    ok(differsOnlyInEnqueuedAt(promoted, text), `no other byte to change: ${promoted}`)
    ok(promoted !== text, 'a new enqueued_at')
  })

  for (const [what, text] of Object.entries(PAYLOADS)) {
    test(`no other byte changes: ${what}`, async ({ storage, advance }) => {
      await push(storage, raw('a', text, MINUTE))
      await advance(MINUTE)
      equal((await storage.promote(1)).promoted, 1)
      const [promoted = ''] = await textsIn(storage, queue('default'))
      ok(differsOnlyInEnqueuedAt(promoted, text), `only an enqueued_at added to\n  ${text}\n  and got\n  ${promoted}`)
      ok(promoted !== text, 'an enqueued_at')
    })
  }

  test('time may pass in small steps', async ({ storage, advance }) => {
    await push(storage, ...Array.from({ length: 5 }, (_, n) => job(`job-${n}`, { delayMs: (n + 1) * MINUTE })))
    const promoted: number[] = []
    for (let minute = 0; minute < 5; minute++) {
      await advance(MINUTE)
      promoted.push((await storage.promote(10)).promoted)
    }
    equal(promoted, [1, 1, 1, 1, 1])
    equal(await waiting(storage), ['job-0', 'job-1', 'job-2', 'job-3', 'job-4'])
  })
}

const START = '{"class":"A","jid":"a","queue":"default","args":['

const PAYLOADS: Readonly<Record<string, string>> = {
  'big integers': `${START}12345678901234567890,-9007199254740993]}`,
  'numbers as others write them': `${START}1.0,1e3,0.10,-0,1E-7]}`,
  'escapes and line separators': `${START}"\\u2028 \\/ \\u00e4 \u2028\u2029"]}`,
  'letters of all kinds': `${START}"ä 漢 🚲 \\u0000"]}`,
  'spaces inside values': `${START}{ "a" : [ 1 , 2 ] }, "  "]}`,
  'spaces between fields': '{ "class": "A", "jid": "a",\n\t"queue": "default", "args": [] }',
  'spaces around it': ` ${START}]}\n`,
  'a string that looks like a field': `${START}"\\"enqueued_at\\":1,",",\\"enqueued_at\\":2"]}`,
  'a field of that name further inside': `${START}{"enqueued_at":1}],"meta":{"enqueued_at":2,"queue":"other"}}`,
  'brackets and quotes in strings': `${START}"}]{[\\\\","\\"}"]}`,
  'fields that nobody here knows': `${START}],"__proto__":{"a":1},"constructor":null,"":""}`,
  'empty lists and objects': `${START}[],{},[{}]],"tags":[]}`,
}
