import type { ClaimedJob, Row, Settlement } from '../../../src/storage.ts'
import { equal, ok } from '../assert.ts'
import { jids, job, jobs, push, raw } from '../jobs.ts'
import { keysIn, queue, rowsIn } from '../places.ts'
import type { Store, Test } from '../store.ts'
import { HOUR, MINUTE } from '../time.ts'
import { died } from '../workers.ts'

type Storage = Store['storage']
type Place = Parameters<Storage['page']>[0]

/** Everything that a scan answers, from its beginning to its end. */
async function scanAll(storage: Storage, place: Place, limit: number, match?: string): Promise<string[]> {
  const found: string[] = []
  let cursor: string | undefined
  for (let step = 0; step < 200; step++) {
    const scan = await storage.scan(place, { limit, cursor, match })
    ok(scan.rows.length <= limit, `at most ${limit} rows, and got ${scan.rows.length}`)
    found.push(...jids(scan.rows))
    if (scan.cursor === undefined) return found
    cursor = scan.cursor
  }
  throw new Error('The scan does not end.')
}

/** Five jobs in each place, from 0 to 4. */
async function fillAll({ storage, worker, advance }: Store): Promise<void> {
  await push(storage, ...jobs('dead', 5))
  const w = worker('w')
  for (const claimed of await w.take(5)) {
    await w.settle(died(claimed))
    await advance(MINUTE)
  }
  await push(storage, ...jobs('waiting', 5))
  const later = (n: number) => job(`scheduled-${n}`, { delayMs: (n + 1) * HOUR })
  await push(storage, later(3), later(1), later(4), later(0), later(2))
}

const PLACES: readonly [string, Place][] = [
  ['waiting', queue('default')],
  ['scheduled', 'scheduled'],
  ['dead', 'dead'],
]

export function pages(test: Test): void {
  for (const [name, place] of PLACES) {
    const named = (...numbers: number[]) => numbers.map((n) => `${name}-${n}`)

    test(`a page of ${name} jobs comes in their order, or turned round`, async (store) => {
      await fillAll(store)
      const page = async (offset: number, limit: number, reverse?: boolean) => {
        const { rows, total } = await store.storage.page(place, { offset, limit, ...(reverse ? { reverse } : {}) })
        equal(total, 5, 'the total')
        return jids(rows)
      }
      equal(await page(0, 10), named(0, 1, 2, 3, 4))
      equal(await page(0, 2), named(0, 1))
      equal(await page(2, 2), named(2, 3))
      equal(await page(4, 2), named(4))
      equal(await page(0, 10, true), named(4, 3, 2, 1, 0))
      equal(await page(1, 2, true), named(3, 2))
      equal(await page(4, 2, true), named(0))
    })

    test(`beyond the end of ${name} jobs there are no rows`, async (store) => {
      const { storage } = store
      equal(await storage.page(place, { offset: 0, limit: 10 }), { rows: [], total: 0 })
      await fillAll(store)
      equal(await storage.page(place, { offset: 5, limit: 10 }), { rows: [], total: 5 })
      equal(await storage.page(place, { offset: 99, limit: 10, reverse: true }), { rows: [], total: 5 })
      equal(await storage.page(place, { offset: 0, limit: 0 }), { rows: [], total: 5 })
    })

    test(`a scan of ${name} jobs looks at all of them`, async (store) => {
      await fillAll(store)
      for (const limit of [1, 2, 3, 5, 100]) {
        const found = await scanAll(store.storage, place, limit)
        equal(found.sort(), named(0, 1, 2, 3, 4), `what was found in steps of ${limit}`)
      }
    })

    test(`a scan of ${name} jobs answers those that match`, async (store) => {
      await fillAll(store)
      const { storage } = store
      equal(await scanAll(storage, place, 2, `${name}-3`), named(3))
      equal(await scanAll(storage, place, 2, 'nowhere'), [])
      equal((await scanAll(storage, place, 2, `"jid":"${name}-`)).length, 5)
    })
  }

  test('a match is plain text, not a pattern', async ({ storage }) => {
    const notes = ['100%', 'a*c', '[a-c]', 'a.c', '^a', 'a?c', '50_50', '$&']
    await push(storage, ...notes.map((note) => job(note, { fields: { note: `<${note}>` } })), job('abc'))
    for (const note of notes) equal(await scanAll(storage, queue('default'), 3, `<${note}>`), [note])
    equal(await scanAll(storage, queue('default'), 100, '<.*>'), [])
  })

  test('the limit is of rows looked at, not of rows found', async ({ storage }) => {
    await push(storage, ...jobs('job', 10))
    const { rows, cursor } = await storage.scan(queue('default'), { limit: 3, match: 'job-5' })
    equal(rows, [])
    ok(cursor !== undefined, 'a cursor to go on with')
  })

  test('a scan finds a job by its jid, wherever the place has it', async ({ storage }) => {
    const mentioned = { fields: { args: ['job-7'], parent: { jid: 'job-7' } } }
    await push(storage, ...jobs('job', 20), job('other', mentioned), job('job-77'), raw('c', 'no JSON: "jid":"job-7"'))
    const found: string[] = []
    let cursor: string | undefined
    do {
      const scan = await storage.scan(queue('default'), { limit: 5, cursor, jid: 'job-7' })
      found.push(...jids(scan.rows))
      cursor = scan.cursor
    } while (cursor !== undefined)
    equal(found, ['job-7'])
  })

  test('an empty place is scanned at once', async ({ storage }) => {
    equal(await storage.scan(queue('none'), { limit: 10 }), { rows: [], cursor: undefined })
    equal(await storage.scan('retry', { limit: 10, match: 'a' }), { rows: [], cursor: undefined })
  })

  test('a scan answers the rows that pages show', async (store) => {
    await fillAll(store)
    for (const [, place] of PLACES) {
      const byKey = (a: { key: string }, b: { key: string }) => (a.key < b.key ? -1 : 1)
      const { rows } = await store.storage.scan(place, { limit: 100 })
      equal([...rows].sort(byKey), [...(await rowsIn(store.storage, place))].sort(byKey))
    }
  })

  test('what is due in thousands of years is in order to the millisecond, however it came there', async (store) => {
    const { storage, worker } = store
    const farMs = Date.UTC(8943, 0) - Date.UTC(2026, 0)
    await push(storage, job('soon', { delayMs: HOUR }), ...jobs('far', 3))
    const w = worker('w')
    const [one, two, three] = (await w.take(3)) as [ClaimedJob, ClaimedJob, ClaimedJob]
    const away = ({ token, text }: ClaimedJob, delayMs: number): Settlement => {
      return { token, text, to: 'scheduled', delayMs, tally: 'none' }
    }
    await w.settle(away(two, farMs + 1), away(three, farMs), away(one, farMs + 2))
    const { rows } = await storage.page('scheduled', { offset: 0, limit: 3, reverse: true })
    equal(jids(rows), ['far-0', 'far-1', 'far-2'], 'the rows at the end')
    const ats = rows.map(({ at = 0 }) => Math.round(at))
    equal([(ats[0] as number) - (ats[1] as number), (ats[1] as number) - (ats[2] as number)], [1, 1], 'their distance')
    await storage.move('scheduled', [{ key: (rows[0] as Row).key, to: { queue: 'default' } }])
    const [last] = (await storage.page('scheduled', { offset: 0, limit: 1, reverse: true })).rows
    equal(jids([last as Row]), ['far-1'], 'the last row then')
    ok(((await storage.promote(5)).nextMs ?? 0) <= HOUR, 'the next one is due in an hour')
  })

  test('every row has a key of its own', async ({ storage }) => {
    await push(storage, ...jobs('job', 20), ...jobs('later', 20, { delayMs: HOUR }))
    equal(new Set(await keysIn(storage, queue('default'))).size, 20)
    equal(new Set(await keysIn(storage, 'scheduled')).size, 20)
  })

  test('rows in a queue have no instant, the others do', async (store) => {
    await fillAll(store)
    for (const [name, place] of PLACES) {
      for (const { at } of await rowsIn(store.storage, place)) {
        equal(typeof at, name === 'waiting' ? 'undefined' : 'number', `the kind of instant of ${name} jobs`)
      }
    }
  })
}
