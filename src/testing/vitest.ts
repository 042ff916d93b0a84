import { expect } from 'vitest'
import { type EnqueuedMatchers, matchers } from './matchers.ts'

export type { EnqueuedMatchers, MatcherArgs } from './matchers.ts'

expect.extend(matchers)

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: an interface is only merged with one that has the same parameters
  interface Matchers<T = any> extends EnqueuedMatchers<T> {}
}
