import { equal, ok } from '../assert.ts'
import { jids, job, jobs, push } from '../jobs.ts'
import { queue } from '../places.ts'
import type { Store, Test } from '../store.ts'
import { HOUR } from '../time.ts'
import { givenBack } from '../workers.ts'

type Storage = Store['storage']
type Place = Parameters<Storage['page']>[0]

const COUNT = 5_000
const STEP = 250

const PLACES: readonly [string, Place, delayMs: number][] = [
  ['a queue', queue('default'), 0],
  ['a set', 'scheduled', HOUR],
]

async function fill(storage: Storage, delayMs: number): Promise<string[]> {
  const all = jobs('job', COUNT, { delayMs })
  for (let from = 0; from < COUNT; from += 1_000) await push(storage, ...all.slice(from, from + 1_000))
  return all.map(({ jid }) => jid)
}

/** Scans a place to its end, and calls `meanwhile` after each step. */
async function scan(storage: Storage, place: Place, meanwhile: (rows: readonly Row[]) => Promise<void>) {
  const seen = new Set<string>()
  let cursor: string | undefined
  for (let step = 0; step < COUNT; step++) {
    const answer = await storage.scan(place, { limit: STEP, cursor })
    ok(answer.rows.length <= STEP, `at most ${STEP} rows, and got ${answer.rows.length}`)
    for (const jid of jids(answer.rows)) seen.add(jid)
    if (answer.cursor === undefined) return seen
    cursor = answer.cursor
    await meanwhile(answer.rows)
  }
  throw new Error('The scan does not end.')
}

type Row = Awaited<ReturnType<Storage['scan']>>['rows'][number]

export function large(test: Test): void {
  for (const [name, place, delayMs] of PLACES) {
    test(`${name} of 5,000 is paged to the end, each row once`, async ({ storage }) => {
      const all = await fill(storage, delayMs)
      const paged: string[] = []
      for (let offset = 0; ; offset += STEP) {
        const { rows, total } = await storage.page(place, { offset, limit: STEP })
        equal(total, COUNT, 'the total')
        paged.push(...jids(rows))
        if (rows.length === 0 || offset > COUNT) break
      }
      equal(paged.sort(), all.sort())
    })

    test(`${name} of 5,000 is scanned to the end while rows are removed: all that stay are seen`, async ({
      storage,
    }) => {
      const all = await fill(storage, delayMs)
      const removed = new Set<string>()
      const seen = await scan(storage, place, async (rows) => {
        const every2nd = rows.filter((_, index) => index % 2 === 0)
        await storage.remove(
          place,
          every2nd.map(({ key }) => key),
        )
        for (const jid of jids(every2nd)) removed.add(jid)
      })
      ok(removed.size >= COUNT / 2 - STEP, `about half of the rows to be removed, and got ${removed.size}`)
      equal(
        all.filter((jid) => !seen.has(jid)),
        [],
        'those that were not seen',
      )
      equal((await storage.page(place, { offset: 0, limit: 0 })).total, COUNT - removed.size)
    })
  }

  test('a queue of 5,000 is scanned while its jobs are claimed and others come', async ({ storage, worker }) => {
    const all = await fill(storage, 0)
    const w = worker('w', { leaseMs: HOUR })
    const gone = new Set<string>()
    let pushed = 0
    const seen = await scan(storage, queue('default'), async () => {
      if (pushed === 20) return
      for (const jid of jids(await w.claim(STEP / 2))) gone.add(jid)
      await push(storage, job(`new-${pushed++}`))
    })
    equal(
      all.filter((jid) => !gone.has(jid) && !seen.has(jid)),
      [],
      'those that stayed and were not seen',
    )
  })

  test('a queue of 5,000 is scanned while jobs are given back to its front', async ({ storage, worker }) => {
    const all = await fill(storage, 0)
    const w = worker('w', { leaseMs: HOUR })
    const claimed = await w.claim(COUNT / 2)
    const there = all.slice(COUNT / 2)
    let back = 0
    const seen = await scan(storage, queue('default'), async () => {
      const some = claimed.slice(back, back + STEP)
      back += STEP
      if (some.length > 0) await w.settle(...some.map((each) => givenBack(each)))
    })
    equal(
      there.filter((jid) => !seen.has(jid)),
      [],
      'those that stayed and were not seen',
    )
  })

  test('5,000 rows move at once, in order', async ({ storage }) => {
    const all = await fill(storage, 0)
    const { rows } = await storage.page(queue('default'), { offset: 0, limit: COUNT })
    const moved = await storage.move(
      queue('default'),
      rows.map(({ key }) => ({ key, to: { queue: 'other' } })),
    )
    equal(moved.filter(Boolean).length, COUNT)
    equal(jids((await storage.page(queue('other'), { offset: 0, limit: COUNT })).rows), all)
  })
}
