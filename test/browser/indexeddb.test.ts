import { describe, expect, test } from 'vitest'
import { estimate, persist } from '../../adapters/indexeddb/index.ts'
import { connectionTests } from '../adapters/indexeddb/connection.ts'
import { Site } from '../adapters/indexeddb/platform.ts'
import { presenceTests } from '../adapters/indexeddb/presence.ts'
import { storageTests } from '../adapters/indexeddb/storage.ts'
import { job, push } from '../conformance/jobs.ts'
import { waiting } from '../conformance/places.ts'
import { TestWorker } from '../conformance/workers.ts'
import { devTools } from './dev-tools.ts'

const platform = { indexedDB, locks: navigator.locks }

connectionTests(platform)
presenceTests(platform)
storageTests(platform)

describe('in Chromium', () => {
  test('site data that is cleared under a working tab is a loss that is told, and work goes on', async () => {
    const site = new Site(platform)
    const storage = await site.open()
    await push(storage, job('a'))
    await devTools('Storage.clearDataForOrigin', { origin: location.origin, storageTypes: 'indexeddb' })
    await push(storage, job('b'))
    expect(await waiting(storage)).toEqual(['b'])
    expect(site.lost).toEqual(['lost'])
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

  test('it tells how much room there is, and asks to keep it', async () => {
    expect(await estimate()).toEqual({ usage: expect.any(Number), quota: expect.any(Number) })
    expect(typeof (await persist())).toBe('boolean')
  })
})
