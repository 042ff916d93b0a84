import { expect, onTestFinished, test } from 'vitest'
import { purge } from '../../../adapters/indexeddb/index.ts'
import { Site } from '../../adapters/indexeddb/platform.ts'
import { job, push } from '../../conformance/jobs.ts'
import { waiting } from '../../conformance/places.ts'
import { devTools } from './dev-tools.ts'

const platform = { indexedDB, locks: navigator.locks }

test('site data that is cleared under a working tab is a loss that is told, and work goes on', async () => {
  const site = new Site(platform)
  const storage = await site.open()
  await push(storage, job('a'))
  await devTools('Storage.clearDataForOrigin', { origin: location.origin, storageTypes: 'indexeddb' })
  await push(storage, job('b'))
  expect(await waiting(storage)).toEqual(['b'])
  expect(site.lost).toEqual(['lost'])
})

test('site data that was cleared before the page was opened is a loss that is told, if localStorage is left', async () => {
  const site = new Site(platform)
  onTestFinished(() => purge(site.namespace))
  await (await site.open({ localStorage })).close()
  await devTools('Storage.clearDataForOrigin', { origin: location.origin, storageTypes: 'indexeddb' })
  await site.open({ localStorage })
  expect(site.lost).toEqual(['lost'])
})
