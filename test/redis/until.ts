import { setTimeout as sleep } from 'node:timers/promises'

/** Resolves when it is true; rejects when it is not within `ms`. */
export async function until(what: string, isTrue: () => boolean | Promise<boolean>, ms = 8_000): Promise<void> {
  const end = performance.now() + ms
  while (!(await isTrue())) {
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${what}`)
    await sleep(2)
  }
}

/** The error that a promise rejects with. */
export async function failing(promise: Promise<unknown>): Promise<Error & { readonly outcome?: string }> {
  const [result] = await Promise.allSettled([promise])
  if (result.status === 'fulfilled') throw new Error(`expected a failure; got ${JSON.stringify(result.value)}`)
  return result.reason
}
