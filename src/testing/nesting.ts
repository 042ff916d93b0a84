/** What we use of Node's AsyncLocalStorage. */
interface AsyncStorage {
  run<T>(value: Chain, body: () => T): T
  getStore(): Chain | undefined
}

/** The blocks around the code that runs, innermost first. */
interface Chain {
  readonly block: object
  readonly outer: Chain | undefined
}

let storage: AsyncStorage | undefined

/** Runs `body` inside of a block: it knows that it is there, over every await. */
export function runInside<T>(block: object, body: () => T): T {
  storage ??= asyncStorage()
  return storage ? storage.run({ block, outer: storage.getStore() }, body) : body()
}

/** Whether the code that runs was called from inside of a block. True where the platform cannot tell: in browsers. */
export function isInside(block: object): boolean {
  if (!storage) return true
  for (let chain = storage.getStore(); chain; chain = chain.outer) if (chain.block === block) return true
  return false
}

/** Asked for when first needed: there is none in browsers, and no import of it that they could follow. */
function asyncStorage(): AsyncStorage | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }
  const hooks = process?.getBuiltinModule?.('node:async_hooks') as
    | { AsyncLocalStorage: new () => AsyncStorage }
    | undefined
  return hooks && new hooks.AsyncLocalStorage()
}
