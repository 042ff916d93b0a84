import type { Storage } from '../../src/storage.ts'

/** Who has the lock, found out as the contract allows it: by asking for it. */
export async function holderOf(storage: Storage, key: string): Promise<string | undefined> {
  const holder = await storage.lock(key, 'whoever asks', 60_000)
  if (holder !== 'whoever asks') return holder
  await storage.unlock(key, 'whoever asks')
  return undefined
}
