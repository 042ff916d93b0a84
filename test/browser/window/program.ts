import { indexedDBStorage } from '../../../adapters/indexeddb/index.ts'
import { Quayside } from '../../../src/index.ts'

// What a window of its own runs: it tells which job it has begun, and does not finish those that it shall hold.
const [namespace, me] = window.name.split(' ') as [string, string]
const told = new BroadcastChannel(namespace)
const app = new Quayside({ storage: indexedDBStorage(), namespace, logger: false })
app.job('Note', {
  async perform(holder: string) {
    told.postMessage(me)
    if (holder === me) await new Promise(() => {})
  },
})
app.work()
