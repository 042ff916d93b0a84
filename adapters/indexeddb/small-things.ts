import type { StoredDocument } from '../../src/storage.ts'
import { drop, keep, look } from './kept.ts'
import type { Step } from './step.ts'

export async function lock(step: Step, key: string, owner: string, forMs: number): Promise<string> {
  const holder = (await look(step, 'lock', key)) ?? owner
  if (holder === owner) keep(step, 'lock', key, owner, step.now + forMs)
  return holder
}

export async function unlock(step: Step, key: string, owner: string): Promise<boolean> {
  const isOwner = (await look(step, 'lock', key)) === owner
  if (isOwner) drop(step, 'lock', key)
  return isOwner
}

export function readDocument(step: Step, name: string): Promise<StoredDocument | undefined> {
  return look(step, 'document', name)
}

/** Versions are the database's own count: a document that is deleted and written anew gets none that it had before. */
export async function writeDocument(
  step: Step,
  name: string,
  text: string | undefined,
  version: number,
  forMs: number = Number.POSITIVE_INFINITY,
): Promise<boolean> {
  if (((await readDocument(step, name))?.version ?? 0) !== version) return false
  if (text === undefined) drop(step, 'document', name)
  else keep(step, 'document', name, { text, version: step.next() }, step.now + forMs)
  return true
}
