import { eventually } from '../faults/eventually.ts'
import type { DevTools } from './dev-tools.ts'
import type { Program } from './orders.ts'

type Calls = {
  [Name in keyof Program as Program[Name] extends (...args: never) => unknown ? Name : never]: Program[Name]
}

/** A tab of the browser, driven from outside. Whether the page in it is one of ours is for others to know. */
export class Tab {
  readonly name: string
  readonly #devTools: DevTools
  readonly #target: string
  readonly #session: string

  private constructor(name: string, devTools: DevTools, target: string, session: string) {
    this.name = name
    this.#devTools = devTools
    this.#target = target
    this.#session = session
  }

  static async open(name: string, devTools: DevTools, url: string): Promise<Tab> {
    const { targetId } = await devTools.send<{ targetId: string }>('Target.createTarget', { url: 'about:blank' })
    const attach = { targetId, flatten: true }
    const { sessionId } = await devTools.send<{ sessionId: string }>('Target.attachToTarget', attach)
    const tab = new Tab(name, devTools, targetId, sessionId)
    await tab.send('Inspector.enable')
    await tab.go(url)
    return tab
  }

  send<T>(method: string, params: object = {}): Promise<T> {
    return this.#devTools.send<T>(method, params, this.#session)
  }

  /** The value of an expression in the page; a promise is awaited. Answers also while the page is frozen. */
  async evaluate<T>(expression: string): Promise<T> {
    const asked = { expression, awaitPromise: true, returnByValue: true }
    const { result, exceptionDetails } = await this.send<Evaluated<T>>('Runtime.evaluate', asked)
    if (exceptionDetails)
      throw new Error(`${expression}: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`)
    return result.value
  }

  /** Calls a function of the page's program. */
  call<Name extends keyof Calls>(
    name: Name,
    ...args: Parameters<Calls[Name]>
  ): Promise<Awaited<ReturnType<Calls[Name]>>> {
    return this.evaluate(`program.${name}(${args.map((arg) => JSON.stringify(arg)).join(', ')})`)
  }

  // ─── deaths of its page ────────────────────────────────────────────────────────────────────────────────────────────

  async go(url: string): Promise<void> {
    await this.send('Page.navigate', { url })
  }

  async reload(): Promise<void> {
    await this.send('Page.reload')
  }

  async close(): Promise<void> {
    const gone = this.#hears('Target.detachedFromTarget')
    await this.#devTools.send('Target.closeTarget', { targetId: this.#target })
    await gone
  }

  /** Ends the process of the page, and then closes what is left of the tab. */
  async crash(): Promise<void> {
    const crashed = this.#hears('Inspector.targetCrashed')
    // Its answer never comes.
    this.send('Page.crash').catch(() => {})
    await crashed
    await this.close()
  }

  // ─── lifecycle ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Resolves when the page is hidden, has heard that it is frozen, and its timers stand still. */
  async freeze(): Promise<void> {
    await this.send('Page.setWebLifecycleState', { state: 'frozen' })
    const isFrozen = `document.visibilityState === 'hidden' && program.lifecycle.at(-1) === 'freeze'`
    await eventually(`${this.name} is frozen`, () => this.evaluate<boolean>(isFrozen))
  }

  /** The page goes on, but stays hidden. */
  async resume(): Promise<void> {
    await this.send('Page.setWebLifecycleState', { state: 'active' })
    await eventually(`${this.name} goes on`, () => this.evaluate<boolean>(`program.lifecycle.at(-1) === 'resume'`))
  }

  /** Hides the page for good, as a tab in the background. */
  async hide(): Promise<void> {
    await this.freeze()
    await this.resume()
  }

  /** Resolves at the next such event of this tab. */
  #hears(method: string): Promise<void> {
    return new Promise((resolve) => {
      const end = this.#devTools.listen((event) => {
        const session = event.sessionId ?? event.params.sessionId
        if (event.method !== method || session !== this.#session) return
        end()
        resolve()
      })
    })
  }
}

interface Evaluated<T> {
  readonly result: { readonly value: T }
  readonly exceptionDetails?: { readonly text: string; readonly exception?: { readonly description?: string } }
}
