import { describe, expect, onTestFinished, test } from 'vitest'
import { estimate, indexedDBStorage, persist, purge } from '../../adapters/indexeddb/index.ts'
import { Quayside } from '../../src/index.ts'
import { connectionTests } from '../adapters/indexeddb/connection.ts'
import { electionTests } from '../adapters/indexeddb/election.ts'
import { lifecycleTests } from '../adapters/indexeddb/lifecycle.ts'
import { Site } from '../adapters/indexeddb/platform.ts'
import { presenceTests } from '../adapters/indexeddb/presence.ts'
import { soon } from '../adapters/indexeddb/soon.ts'
import { storageTests } from '../adapters/indexeddb/storage.ts'
import { job, push } from '../conformance/jobs.ts'
import { TestWorker } from '../conformance/workers.ts'

const platform = { indexedDB, locks: navigator.locks }

connectionTests(platform)
electionTests(platform)
lifecycleTests(platform)
presenceTests(platform)
storageTests(platform)

describe('in a browser', () => {
  test('a page of its own is listened to: one that says it freezes lets another perform', async () => {
    const site = new Site(platform)
    const [page, frame] = [await site.open({ tabs: 'one' }), await site.open({ tabs: 'one', page: false })]
    const [first, second] = [new TestWorker(page, 'first'), new TestWorker(frame, 'second')]
    await first.beat()
    expect((await second.beat()).standby).toBe(true)
    const woken = new Promise<void>((resolve) => frame.subscribe?.((wake) => wake === 'claimable' && resolve()))
    document.dispatchEvent(new Event('freeze'))
    await woken
    expect((await second.beat()).standby).toBeUndefined()
    document.dispatchEvent(new Event('resume'))
    expect((await first.beat()).standby).toBe(true)
  })

  test('of two workers, as of two tabs, one performs, and the other goes on when it stops', async () => {
    const { namespace } = new Site(platform)
    onTestFinished(() => purge(namespace))
    const performed: string[] = []
    const tab = (name: string) => {
      const app = new Quayside({ storage: indexedDBStorage(), namespace, logger: false })
      const Note = app.job('Note', { perform: () => void performed.push(name) })
      onTestFinished(() => app.close())
      return { app, Note, worker: app.work() }
    }
    const first = tab('first')
    await soon(() => expect(first.worker.health()).toMatchObject({ claiming: true, standby: false }))
    const second = tab('second')
    await soon(() => expect(second.worker.health()).toMatchObject({ claiming: false, standby: true }))
    await second.Note.performAsync()
    await soon(() => expect(performed).toEqual(['first']))
    expect((await second.app.workers()).map(({ standby = false }) => standby).sort()).toEqual([false, true])
    await first.app.close()
    await second.Note.performAsync()
    await soon(() => expect(performed).toEqual(['first', 'second']))
    await soon(() => expect(second.worker.health()).toMatchObject({ claiming: true, standby: false }))
  })

  test('two tabs wake each other, and work on the same jobs', async () => {
    const site = new Site(platform)
    const [one, two] = [await site.open(), await site.open()]
    const woken = new Promise<void>((resolve) => two.subscribe?.((wake) => wake === 'claimable' && resolve()))
    const w = new TestWorker(two, 'w')
    await w.claim(1)
    await push(one, job('a'))
    await woken
    await w.takeOne()
  })

  test('it tells how much room there is, where the browser does', async () => {
    const room = { usage: expect.any(Number), quota: expect.any(Number) }
    expect(await estimate()).toEqual(navigator.storage ? room : undefined)
  })

  test('it asks to keep what is stored', async () => {
    expect(typeof (await persist())).toBe('boolean')
  })
})
