import type { Locks } from '../../../adapters/indexeddb/living.ts'

interface Request {
  readonly name: string
  readonly mode: LockMode
  readonly grant: (lock: Lock | null) => void
}

interface Held extends Request {
  readonly lose: (reason: unknown) => void
}

/** Web Locks as the specification has them, as far as they are used here: Node 20 has none. */
export class FakeLocks implements Locks {
  #held: Held[] = []
  #waiting: Request[] = []

  query = async (): Promise<LockManagerSnapshot> => ({
    held: this.#held.map(({ name, mode }) => ({ name, mode, clientId: 'fake' })),
    pending: this.#waiting.map(({ name, mode }) => ({ name, mode, clientId: 'fake' })),
  })

  request = (async (name: string, ...rest: unknown[]) => {
    const callback = rest.at(-1) as (lock: Lock | null) => unknown
    const { mode = 'exclusive', ifAvailable, steal, signal } = (rest.length > 1 ? rest[0] : {}) as LockOptions
    if (steal) this.#steal(name)
    const lock = await new Promise<Lock | null>((resolve, reject) => {
      const request = { name, mode, grant: resolve }
      signal?.addEventListener('abort', () => {
        this.#waiting = this.#waiting.filter((other) => other !== request)
        reject(signal.reason)
      })
      if (this.#isFree(request)) resolve({ name, mode })
      else if (ifAvailable) resolve(null)
      else this.#waiting.push(request)
    })
    if (!lock) return callback(null)
    let lose = (_reason: unknown): void => {}
    const stolen = new Promise<never>((_, reject) => {
      lose = reject
    })
    const held: Held = { name, mode, grant() {}, lose }
    this.#held.push(held)
    try {
      return await Promise.race([callback(lock), stolen])
    } finally {
      this.#held = this.#held.filter((other) => other !== held)
      this.#grantNext()
    }
  }) as LockManager['request']

  #isFree({ name, mode }: Request): boolean {
    const others = this.#held.filter((held) => held.name === name)
    return others.every((held) => mode === 'shared' && held.mode === 'shared')
  }

  #steal(name: string): void {
    const stolen = this.#held.filter((held) => held.name === name)
    this.#held = this.#held.filter((held) => held.name !== name)
    for (const { lose } of stolen) lose(new DOMException('The lock was stolen.', 'AbortError'))
  }

  #grantNext(): void {
    for (const request of this.#waiting.filter((each) => this.#isFree(each))) {
      this.#waiting = this.#waiting.filter((other) => other !== request)
      request.grant({ name: request.name, mode: request.mode })
    }
  }
}

/** Frees the Web Lock of a worker, as its death would: in whichever namespace it lives. */
export async function loseLock(locks: Locks, worker: string, namespaces = ''): Promise<void> {
  const { held = [] } = await locks.query()
  const names = held.map(({ name = '' }) => name)
  for (const name of names) {
    if (!name.startsWith(`quayside:${namespaces}`) || !name.endsWith(`:${worker}`)) continue
    await locks.request(name, { steal: true }, () => {})
  }
}
