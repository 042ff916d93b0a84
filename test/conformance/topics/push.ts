import { between, equal } from '../assert.ts'
import { job, jobs, push, pushId, raw } from '../jobs.ts'
import { jidsIn, queue, rowsIn, textsIn, waiting } from '../places.ts'
import type { Test } from '../store.ts'
import { HOUR, MINUTE, SLACK } from '../time.ts'

const many = (count: number): number[] => Array.from({ length: count }, (_, n) => n)

export function pushing(test: Test): void {
  test('jobs due now go to the back of their queue, in the order given', async ({ storage }) => {
    equal(await push(storage, job('b'), job('a'), job('c')), [])
    equal(await waiting(storage), ['b', 'a', 'c'])
    await push(storage, job('0'))
    equal(await waiting(storage), ['b', 'a', 'c', '0'])
  })

  test('one push may fill several queues', async ({ storage }) => {
    await push(storage, job('a', { queue: 'low' }), job('b', { queue: 'high' }), job('c', { queue: 'low' }))
    equal(await waiting(storage, 'low'), ['a', 'c'])
    equal(await waiting(storage, 'high'), ['b'])
  })

  test('the text is stored byte for byte', async ({ storage }) => {
    const { text } = job('a', { fields: { note: 'ä \u2028 🚲' } })
    await push(storage, raw('a', text))
    equal(await textsIn(storage, queue('default')), [text])
  })

  test('a delay of 0 or less means now', async ({ storage }) => {
    await push(storage, job('zero', { delayMs: 0 }), job('less', { delayMs: -5 * MINUTE }))
    equal(await waiting(storage), ['zero', 'less'])
    equal(await rowsIn(storage, 'scheduled'), [])
  })

  test('later jobs wait in the scheduled set, due after their delay', async ({ storage }) => {
    await push(storage, job('late', { delayMs: 3 * HOUR }), job('soon', { delayMs: HOUR }))
    equal(await waiting(storage), [])
    equal(await jidsIn(storage, 'scheduled'), ['soon', 'late'])
    const [soon, late] = await rowsIn(storage, 'scheduled')
    between((late?.at ?? 0) - (soon?.at ?? 0), 2 * HOUR - SLACK, 2 * HOUR, 'the time between the two')
  })

  test('the delay of a scheduled job counts from the moment of its push', async ({ storage, advance }) => {
    await push(storage, job('first', { delayMs: HOUR }))
    await advance(HOUR / 2)
    await push(storage, job('second', { delayMs: HOUR }))
    const [first, second] = await rowsIn(storage, 'scheduled')
    between((second?.at ?? 0) - (first?.at ?? 0), HOUR / 2, HOUR / 2 + SLACK, 'the time between the two')
  })

  test('an empty push stores nothing', async ({ storage }) => {
    equal(await push(storage), [])
    equal(await storage.queues(), [])
  })

  test('a thousand jobs of one push keep their order', async ({ storage }) => {
    const many = jobs('job', 1_000)
    await push(storage, ...many)
    equal(
      await waiting(storage),
      many.map(({ jid }) => jid),
    )
  })

  test('a push repeated with its id is stored once', async ({ storage }) => {
    const entries = [job('now'), job('later', { delayMs: HOUR })]
    const id = pushId()
    equal(await storage.push(entries, id), [])
    equal(await storage.push(entries, id), [])
    equal(await waiting(storage), ['now'])
    equal(await jidsIn(storage, 'scheduled'), ['later'])
  })

  test('a push repeated after its jobs are done is not stored again', async ({ storage, worker }) => {
    const id = pushId()
    await storage.push([job('a')], id)
    await worker('w').claim(1)
    await storage.push([job('a')], id)
    equal(await waiting(storage), [])
  })

  test('a repeated push answers its refusals again', async ({ storage }) => {
    const unique = { key: 'lock', forMs: HOUR }
    await push(storage, job('holder', { unique }))
    const entries = [job('free'), job('refused', { unique })]
    const id = pushId()
    equal(await storage.push(entries, id), [{ index: 1, holder: 'holder' }])
    equal(await storage.push(entries, id), [{ index: 1, holder: 'holder' }])
    equal(await waiting(storage), ['holder', 'free'])
  })

  test('a push id is known for ten minutes', async ({ storage, advance }) => {
    const id = pushId()
    await storage.push([job('a')], id)
    await advance(9 * MINUTE)
    await storage.push([job('a')], id)
    equal(await waiting(storage), ['a'])
  })

  test('a push id may come again after ten minutes', async ({ storage, advance }) => {
    const id = pushId()
    await storage.push([job('a')], id)
    await advance(11 * MINUTE)
    await storage.push([job('b')], id)
    equal(await waiting(storage), ['a', 'b'])
  })

  test('a push is known among the last thousand of its client', async ({ storage }) => {
    const number = (n: number) => ({ client: 'mine', number: n })
    await storage.push([job('first')], number(1))
    await Promise.all(many(999).map((n) => storage.push([job('other', { queue: 'others' })], number(n + 2))))
    await storage.push([job('first')], number(1))
    equal(await waiting(storage), ['first'])
  })

  test('each client counts for itself', async ({ storage }) => {
    await storage.push([job('a')], { client: 'one', number: 1 })
    await storage.push([job('b')], { client: 'two', number: 1 })
    const others = many(1_200).map((n) => storage.push([job('c', { queue: 'c' })], { client: 'two', number: n + 2 }))
    await Promise.all(others)
    await storage.push([job('a')], { client: 'one', number: 1 })
    equal(await waiting(storage), ['a', 'b'])
  })

  test('a push that a later one has overtaken is stored all the same', async ({ storage }) => {
    await storage.push([job('second')], { client: 'mine', number: 2 })
    await storage.push([job('first')], { client: 'mine', number: 1 })
    equal(await waiting(storage), ['second', 'first'])
  })

  test('a jid that the caller chose is stored once, and counts as stored', async ({ storage, connect, worker }) => {
    const chosen = job('order-7', { chosen: true })
    equal(await push(storage, chosen), [])
    equal(await push(await connect(), chosen, job('other')), [])
    equal(await waiting(storage), ['order-7', 'other'])
    await worker('w').claim(2)
    equal(await push(storage, chosen), [])
    equal(await waiting(storage), [])
  })

  test('a chosen jid that comes twice in one push is stored once', async ({ storage }) => {
    const chosen = job('order-7', { chosen: true })
    equal(await push(storage, chosen, chosen), [])
    equal(await waiting(storage), ['order-7'])
  })

  test('a chosen jid is known for ten minutes, and may come again then', async ({ storage, advance }) => {
    await push(storage, job('first', { chosen: true }))
    await advance(9 * MINUTE)
    await push(storage, job('first', { chosen: true }), job('second', { chosen: true }))
    await advance(9 * MINUTE)
    await push(storage, job('second', { chosen: true }))
    equal(await waiting(storage), ['first', 'second'])
    await advance(2 * MINUTE)
    await push(storage, job('second', { chosen: true }))
    equal(await waiting(storage), ['first', 'second', 'second'])
  })

  test('a jid that nobody chose is not looked at', async ({ storage }) => {
    await push(storage, job('a'))
    await push(storage, job('a'))
    equal(await waiting(storage), ['a', 'a'])
  })
}
