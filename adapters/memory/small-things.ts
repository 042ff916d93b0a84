import type { StoredDocument } from '../../src/storage.ts'
import type { Store } from './store.ts'

export function lock({ locks }: Store, key: string, owner: string, forMs: number, now: number): string {
  const holder = locks.get(key, now) ?? owner
  if (holder === owner) locks.set(key, owner, now + forMs, now)
  return holder
}

export function unlock({ locks }: Store, key: string, owner: string, now: number): boolean {
  const isOwner = locks.get(key, now) === owner
  if (isOwner) locks.delete(key)
  return isOwner
}

export function readDocument({ documents }: Store, name: string, now: number): StoredDocument | undefined {
  return documents.get(name, now)
}

/** Versions are the store's own count: a document that is deleted and written anew gets none that it had before. */
export function writeDocument(
  store: Store,
  name: string,
  text: string | undefined,
  version: number,
  forMs: number,
  now: number,
): boolean {
  const { documents } = store
  if ((documents.get(name, now)?.version ?? 0) !== version) return false
  if (text === undefined) documents.delete(name)
  else documents.set(name, { text, version: store.next() }, now + forMs, now)
  return true
}
