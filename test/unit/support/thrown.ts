/** What a call throws; fails when it throws nothing. */
export function thrownBy(call: () => unknown): Error & { readonly code?: string; readonly path?: string } {
  try {
    call()
  } catch (error) {
    return error as Error
  }
  throw new Error('nothing was thrown')
}
