import type { StoredDocument } from '../../src/storage.ts'
import type { Link } from './link.ts'
import { LOCK, READ_DOCUMENT, UNLOCK, WRITE_DOCUMENT } from './scripts/small-things.ts'

export async function lock(link: Link, key: string, owner: string, forMs: number): Promise<string> {
  return String(await link.run(LOCK, [key, owner, forMs]))
}

export async function unlock(link: Link, key: string, owner: string): Promise<boolean> {
  return (await link.run(UNLOCK, [key, owner])) === 1
}

export async function readDocument(link: Link, name: string): Promise<StoredDocument | undefined> {
  const found = (await link.run(READ_DOCUMENT, [name])) as [text: string, version: string] | null
  return found ? { text: found[0], version: Number(found[1]) } : undefined
}

export async function writeDocument(
  link: Link,
  name: string,
  text: string | undefined,
  version: number,
  forMs: number | undefined,
): Promise<boolean> {
  const args = [name, version, text === undefined ? '' : '1', text ?? '', forMs ?? '']
  return (await link.run(WRITE_DOCUMENT, args)) === 1
}
