import type { LocalStorage } from '../../../adapters/indexeddb/memo.ts'
import type { Page } from '../../../adapters/indexeddb/page.ts'

/** A page of which a test says when it is hidden, frozen or back. */
export class FakePage extends EventTarget implements Page {
  readonly document: { visibilityState: DocumentVisibilityState } = { visibilityState: 'visible' }
  listeners = 0

  override addEventListener(...given: Parameters<EventTarget['addEventListener']>): void {
    this.listeners++
    super.addEventListener(...given)
  }

  override removeEventListener(...given: Parameters<EventTarget['removeEventListener']>): void {
    this.listeners--
    super.removeEventListener(...given)
  }

  happens(...events: string[]): void {
    for (const event of events) this.dispatchEvent(new Event(event))
  }

  turns(visibilityState: DocumentVisibilityState): void {
    this.document.visibilityState = visibilityState
    this.happens('visibilitychange')
  }
}

/** What the tabs of one origin share. */
export class FakeLocalStorage implements LocalStorage {
  readonly items = new Map<string, string>()
  getItem = (key: string): string | null => this.items.get(key) ?? null
  setItem = (key: string, value: string): void => void this.items.set(key, value)
  removeItem = (key: string): void => void this.items.delete(key)
}
