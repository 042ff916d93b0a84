import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Position, SortedList } from '../../adapters/memory/sorted-list.ts'

const byPosition = (a: Position, b: Position) => a.at - b.at || a.seq - b.seq

function listOf(length: number): SortedList<Position> {
  const list = new SortedList<Position>()
  for (let seq = 0; seq < length; seq++) list.add({ at: 0, seq })
  return list
}

describe('SortedList', () => {
  it('keeps items in order, whatever order they come in', () => {
    const list = new SortedList<Position>()
    for (let i = 0; i < 5_000; i++) list.add({ at: (i * 7_919) % 5_003, seq: i })
    const items = [...list]
    expect(items).toHaveLength(5_000)
    expect(items).toEqual(items.toSorted(byPosition))
  })

  it('takes from the front what was added in front of all others', () => {
    const list = listOf(1_000)
    for (let seq = -1; seq >= -1_000; seq--) list.add({ at: 0, seq })
    expect(Array.from({ length: 2_000 }, () => list.shift()?.seq)).toEqual(
      Array.from({ length: 2_000 }, (_, i) => i - 1_000),
    )
    expect(list.shift()).toBeUndefined()
    expect(list.size).toBe(0)
  })

  it('goes on behind a position whose item is gone', () => {
    const list = listOf(1_500)
    for (let seq = 500; seq < 1_100; seq++) list.delete({ at: 0, seq })
    expect(list.after({ at: 0, seq: 700 }, 2).map(({ seq }) => seq)).toEqual([1_100, 1_101])
    expect(list.after({ at: 0, seq: 1_499 }, 2)).toEqual([])
  })

  it('finds nothing at a position that is no number', () => {
    const list = listOf(3)
    expect(list.delete({ at: 0, seq: Number.NaN })).toBeUndefined()
    expect(list.delete({ at: Number.NaN, seq: 0 })).toBeUndefined()
    expect(list.size).toBe(3)
  })

  // Runs rather than single items: chunks have to fill, split and empty for anything to go wrong.
  const run = { at: fc.integer({ min: 0, max: 9 }), length: fc.integer({ min: 1, max: 700 }) }
  const anAct = fc.oneof(
    fc.record({ kind: fc.constant('add' as const), ...run }),
    fc.record({ kind: fc.constant('addInFront' as const), ...run }),
    fc.record({ kind: fc.constant('shift' as const), ...run }),
    fc.record({ kind: fc.constant('delete' as const), from: fc.nat(3_000), ...run }),
  )

  it('is what a sorted array is', () => {
    fc.assert(
      fc.property(fc.array(anAct, { maxLength: 12 }), fc.nat(4_000), fc.nat(1_500), (acts, from, length) => {
        const list = new SortedList<Position>()
        const model: Position[] = []
        let next = 0
        const add = (at: number, seq: number) => {
          list.add({ at, seq })
          model.push({ at, seq })
        }
        for (const act of acts) {
          for (let i = 0; i < act.length; i++) {
            if (act.kind === 'add') add(act.at, ++next)
            else if (act.kind === 'addInFront') add(act.at, -++next)
            else if (act.kind === 'shift') expect(list.shift()).toEqual(model.shift())
            else {
              const [item] = model.splice(act.from, 1)
              expect(list.delete(item ?? { at: act.at, seq: 0.5 })).toEqual(item)
            }
          }
          model.sort(byPosition)
          expect(list.size).toBe(model.length)
          expect(list.first).toEqual(model[0])
        }
        const position = { at: from % 10, seq: from / 2 }
        expect([...list]).toEqual(model)
        expect(list.slice(from, from + length)).toEqual(model.slice(from, from + length))
        expect(list.after(position, length)).toEqual(
          model.filter((item) => byPosition(item, position) > 0).slice(0, length),
        )
      }),
      { numRuns: 60 },
    )
  })
})
