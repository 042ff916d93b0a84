import { consoleLogger, Quayside } from 'quayside'
import { indexedDBStorage } from 'quayside/indexeddb'
import { tabName } from './tab-name.ts'

/** What somebody wrote, and what shall happen to it. */
export interface Postcard {
  readonly to: string
  readonly text: string
  /** How long writing it takes. */
  readonly seconds: number
  /** How often the post office refuses it before it takes it. */
  readonly refusals: number
}

/** The app: every tab of this page shares its jobs, and one of them performs. */
export const app = new Quayside({ storage: indexedDBStorage(), logger: consoleLogger({ level: 'warn' }) })

/** The post office would not take it, though it could be reached. */
class Refused extends Error {
  override name = 'Refused'
}

export const SendPostcard = app.job('SendPostcard', {
  requires: 'network',
  retry: 3,
  retryIn: (count) => ({ seconds: 2 + 3 * count }),

  async perform({ seconds, ...card }: Postcard) {
    for (let written = 0; written < seconds; written++) {
      this.progress(written, seconds)
      await aSecond(this.signal)
    }
    const handedIn = { jid: this.jid, tab: tabName, ...card }
    const answer = await fetch('/post/cards', { method: 'POST', body: JSON.stringify(handedIn), signal: this.signal })
    if (!answer.ok) throw new Refused((await answer.json()).message)
  },
})

function aSecond(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', end)
      resolve()
    }, 1_000)
    signal.addEventListener('abort', end, { once: true })
  })
}
