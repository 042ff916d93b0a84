/**
 * Asks the browser never to delete this site's storage to make room. Chromium and Safari decide by themselves, Firefox
 * asks the user. False when it refuses, or cannot be asked.
 */
export async function persist(): Promise<boolean> {
  return (await globalThis.navigator?.storage?.persist?.()) ?? false
}

/**
 * What this site's storage takes up and may take up, in bytes; undefined where the browser does not tell. A hint, not
 * more: Chromium's quota is what is used plus 10 GiB, whatever the disk holds.
 */
export async function estimate(): Promise<{ usage: number; quota: number } | undefined> {
  const told = await globalThis.navigator?.storage?.estimate?.()
  return told && { usage: told.usage ?? 0, quota: told.quota ?? 0 }
}
