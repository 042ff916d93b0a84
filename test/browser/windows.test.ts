import { expect, onTestFinished, test } from 'vitest'
import { indexedDBStorage } from '../../adapters/indexeddb/index.ts'
import { Quayside } from '../../src/index.ts'
import { Site } from '../adapters/indexeddb/platform.ts'
import { soon } from '../adapters/indexeddb/soon.ts'

/** A window of its own, with a worker. */
function openWindow(namespace: string, name: string): Window {
  const opened = window.open('about:blank', `${namespace} ${name}`, 'popup')
  if (!opened) throw new Error('The browser did not open a window.')
  onTestFinished(() => opened.close())
  const script = opened.document.createElement('script')
  script.type = 'module'
  script.src = new URL('./window/program.ts', import.meta.url).href
  opened.document.head.append(script)
  return opened
}

test('of two windows one performs, and the other takes its job over when it is closed', async () => {
  const { namespace } = new Site({ indexedDB, locks: navigator.locks })
  const told = new BroadcastChannel(namespace)
  const begun: string[] = []
  told.onmessage = ({ data }) => begun.push(data)
  const app = new Quayside({ storage: indexedDBStorage(), namespace, logger: false })
  onTestFinished(async () => {
    told.close()
    await app.close()
  })
  const standing = async () => (await app.workers()).map(({ standby = false }) => standby)

  const first = openWindow(namespace, 'first')
  await soon(async () => expect(await standing()).toEqual([false]))
  openWindow(namespace, 'second')
  await soon(async () => expect((await standing()).sort()).toEqual([false, true]))
  await app.job<[holder: string]>('Note').performAsync('first')
  await soon(() => expect(begun).toEqual(['first']))

  first.close()
  await soon(() => expect(begun).toEqual(['first', 'second']))
  await soon(async () => expect(await app.stats()).toMatchObject({ processed: 1, enqueued: 0 }))
})
