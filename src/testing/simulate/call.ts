import type { Storage } from '../../storage.ts'

/** What crosses the wire. */
export type Method = Exclude<keyof Storage, 'subscribe' | 'watch' | 'examine' | 'close'>

export type Arguments<M extends Method> = Parameters<Storage[M]>
export type Answer<M extends Method> = Awaited<ReturnType<Storage[M]>>

/** One call of the storage, as it was executed. */
export interface Call<M extends Method = Method> {
  readonly from: string
  readonly method: M
  readonly args: Arguments<M>
  /** The store's own time. */
  readonly now: number
}

/** What became of a call. */
export type Outcome = { readonly answer: unknown } | { readonly error: unknown }

/** Every method of the contract that is a call. */
export const METHODS: readonly Method[] = [
  'push',
  'exchange',
  'promote',
  'beat',
  'signal',
  'recover',
  'retire',
  'cancel',
  'queues',
  'workers',
  'stats',
  'page',
  'scan',
  'move',
  'remove',
  'clear',
  'pause',
  'measure',
  'metrics',
  'wipe',
  'lock',
  'unlock',
  'readDocument',
  'writeDocument',
]

const READING: ReadonlySet<Method> = new Set(['queues', 'workers', 'stats', 'page', 'scan', 'metrics', 'readDocument'])

/** Whether a call may change what is stored. */
export const isReading = (method: Method): boolean => READING.has(method)

/** Makes a call by its name. */
export function make(storage: Storage, { method, args }: Pick<Call, 'method' | 'args'>): Promise<unknown> {
  return (storage[method] as (...args: unknown[]) => Promise<unknown>)(...args)
}
