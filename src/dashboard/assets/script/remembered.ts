/** What is remembered while this tab is open. A browser that keeps nothing throws: then it is forgotten at once. */
export function remembered(key: string): string | undefined {
  try {
    return sessionStorage.getItem(key) ?? undefined
  } catch {
    return undefined
  }
}

export function remember(key: string, value: string): void {
  try {
    sessionStorage.setItem(key, value)
  } catch {}
}
