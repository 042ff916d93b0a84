import type { Place, Row, Storage } from '../../src/storage.ts'
import { jids } from './jobs.ts'

export const queue = (name: string): Place => ({ queue: name })

const ALL = { offset: 0, limit: 1_000_000 }

export async function rowsIn(storage: Storage, place: Place): Promise<readonly Row[]> {
  return (await storage.page(place, ALL)).rows
}

/** Who is in a place, in its order. */
export async function jidsIn(storage: Storage, place: Place): Promise<string[]> {
  return jids(await rowsIn(storage, place))
}

/** Who waits in a queue, next to be claimed first. */
export function waiting(storage: Storage, name = 'default'): Promise<string[]> {
  return jidsIn(storage, queue(name))
}

export async function textsIn(storage: Storage, place: Place): Promise<string[]> {
  return (await rowsIn(storage, place)).map(({ text }) => text)
}

/** The keys of the rows in a place, in its order. */
export async function keysIn(storage: Storage, place: Place): Promise<string[]> {
  return (await rowsIn(storage, place)).map(({ key }) => key)
}

/** The key of the first row of a place. */
export async function firstKey(storage: Storage, place: Place): Promise<string> {
  return (await keysIn(storage, place))[0] ?? ''
}
