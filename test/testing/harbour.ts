import { memoryStorage } from '../../adapters/memory/index.ts'
import { type AppOptions, Quayside, type Storage } from '../../src/index.ts'

/** An app, and what reaches its own storage: each call of it, by name. */
export function harbour(options: Partial<AppOptions> = {}): { readonly app: Quayside; readonly reached: string[] } {
  const reached: string[] = []
  const open = memoryStorage()
  const app = new Quayside({
    logger: false,
    ...options,
    storage: async (settings) => {
      reached.push('open')
      const own: Storage = await open(settings)
      return new Proxy(own, {
        get: (target, name) => {
          if (typeof name === 'string') reached.push(name)
          return Reflect.get(target, name)
        },
      })
    },
  })
  return { app, reached }
}

/** Fails so many times, then succeeds. */
export function failing(times: number): () => void {
  let left = times
  return () => {
    if (left-- > 0) throw new Error('not yet')
  }
}
