import type { Move, Place, StorageSettings } from '../../src/storage.ts'
import type { Argument, Link } from './link.ts'
import { keyOf } from './places.ts'
import { bytesOf } from './rows.ts'
import { CLEAR, CLEARING, MOVE } from './scripts/manage.ts'

/** Rows that one script moves: a row of a long list may take it 100 ms to find, one of a set next to nothing. */
const SLICE = { list: 1, set: 100 }

export async function move(
  link: Link,
  from: Place,
  moves: readonly Move[],
  dead: StorageSettings['dead'],
): Promise<boolean[]> {
  const rows = moves.map(({ key, to, text }): Argument[] => {
    const delayMs = typeof to === 'object' && 'set' in to ? to.delayMs : 0
    return [bytesOf(key), destination(to), text === undefined ? '' : '1', text ?? '', delayMs]
  })
  return (await moveRows(link, from, rows, dead)).map((there) => there === 1)
}

export async function remove(link: Link, place: Place, keys: readonly string[]): Promise<number> {
  const rows = keys.map((key): Argument[] => [bytesOf(key), '', '', '', 0])
  return (await moveRows(link, place, rows, { max: 0, forMs: 0 })).reduce((sum, there) => sum + there, 0)
}

export async function clear(link: Link, place: Place): Promise<number> {
  const count = Number(await link.run(CLEAR, [keyOf(place)]))
  while ((await link.run(CLEARING, [])) === 1);
  return count
}

/** Sidekiq Pro's key. Workers of Ruby's open source Sidekiq do not look at it. */
export async function pause(link: Link, queue: string, paused: boolean): Promise<void> {
  await link.command(paused ? 'SADD' : 'SREM', `${link.prefix}paused`, queue)
}

/** All slices are sent at once, and Redis takes them one after the other. */
async function moveRows(
  link: Link,
  from: Place,
  rows: readonly Argument[][],
  { max, forMs }: StorageSettings['dead'],
): Promise<number[]> {
  const size = typeof from === 'string' ? SLICE.set : SLICE.list
  const sent: Promise<unknown>[] = []
  for (let at = 0; at < rows.length; at += size) {
    sent.push(link.run(MOVE, [keyOf(from), max, forMs, ...rows.slice(at, at + size).flat()]))
  }
  return ((await Promise.all(sent)) as number[][]).flat()
}

function destination(to: Move['to']): string {
  if (to === 'dead') return 'dead'
  return 'queue' in to ? keyOf(to) : keyOf(to.set)
}
