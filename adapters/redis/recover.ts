import type { Recovery } from '../../src/storage.ts'
import type { Link } from './link.ts'
import { RECOVER } from './scripts/presence.ts'

/** One script takes over one worker, so that none of them keeps Redis busy for long. */
export async function recover(link: Link, worker: string): Promise<Recovery> {
  const keys = [`${link.prefix}quayside:arrivals`]
  for (let requeued = 0; ; ) {
    const [count, next] = (await link.run(RECOVER, [worker], { keys, watch: true })) as [number, string]
    requeued += count
    if (next !== '0') return { requeued, nextMs: next === '' ? undefined : Number(next) }
  }
}
