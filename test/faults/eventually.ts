import { setTimeout as sleep } from 'node:timers/promises'

/** For how long a fault lasts: never for what is to happen meanwhile. */
export { sleep }

type Truthy<T> = Exclude<T, false | 0 | '' | null | undefined>

/** Resolves with the answer of `find` when it is something; rejects when it is nothing for `ms`. */
export async function eventually<T>(what: string, find: () => T | Promise<T>, ms = 30_000): Promise<Truthy<T>> {
  const end = performance.now() + ms
  for (;;) {
    const found = await find()
    if (found) return found as Truthy<T>
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${what}`)
    await sleep(20)
  }
}
