import { StorageUnavailableError } from '../../../src/errors.ts'
import type { OpenStorage, Storage, StorageSettings } from '../../../src/index.ts'

type Method = Exclude<keyof Storage, 'subscribe' | 'watch' | 'examine'>
type Hook<M extends Method> = (
  call: () => ReturnType<Storage[M]>,
  ...args: Parameters<Storage[M]>
) => ReturnType<Storage[M]>

/** What every call of the storage meets: an answer, a refusal, or nothing for as long as it lasts. */
export type Weather = 'fair' | 'down' | 'hung'

/** A storage with an ear at its door: counts what is called, and can keep the answers back. */
export class Tapped {
  /** The names of the methods called, in order. */
  readonly calls: Method[] = []
  /** Whether the storage can wake workers. */
  wakes = true
  /** Called in place of opening; set it to let opening fail. */
  onOpen: () => Promise<void> | undefined = () => undefined
  readonly #open: OpenStorage
  readonly #hooks = new Map<Method, Hook<never>>()
  #weather: Weather = 'fair'
  #waiting: (() => void)[] = []
  /** The storage itself, once it is open. */
  inner: Storage | undefined

  constructor(open: OpenStorage) {
    this.#open = open
  }

  /** To give to an app. */
  readonly open: OpenStorage = async (settings: StorageSettings) => {
    await this.onOpen()
    const inner = await this.#open(settings)
    this.inner = inner
    return new Proxy(inner, {
      get: (_, name: keyof Storage) => {
        if (name === 'subscribe' || name === 'watch') return this.wakes ? inner[name] : undefined
        if (name === 'examine') return inner.examine
        if (!(name in inner)) return undefined
        return (...args: never[]) => this.#call(name, args, inner)
      },
    })
  }

  /** Lets `hook` stand between callers and a method; it may call through, or not. */
  on<M extends Method>(name: M, hook: Hook<M>): void {
    this.#hooks.set(name, hook as unknown as Hook<never>)
  }

  off(name: Method): void {
    this.#hooks.delete(name)
  }

  get weather(): Weather {
    return this.#weather
  }

  /** What hung goes on when the weather is fair again. */
  set weather(weather: Weather) {
    this.#weather = weather
    if (weather === 'fair') for (const go of this.#waiting.splice(0)) go()
  }

  count(name: Method): number {
    return this.calls.filter((call) => call === name).length
  }

  async #call(name: Method, args: never[], inner: Storage): Promise<unknown> {
    this.calls.push(name)
    if (this.#weather === 'down') throw new StorageUnavailableError('the storage is away')
    if (this.#weather === 'hung') await new Promise<void>((resolve) => this.#waiting.push(resolve))
    const call = () => (inner[name] as (...args: never[]) => unknown)(...args)
    const hook = this.#hooks.get(name) as ((call: () => unknown, ...args: never[]) => unknown) | undefined
    return hook ? hook(call, ...args) : call()
  }
}
