import { expect, test } from 'vitest'
import { MODES } from './orders.ts'
import { expectFaultless, Scene } from './scene.ts'
import { Tab } from './tab.ts'

test.for(MODES)(
  'site data that is cleared while jobs run is a loss that all pages tell, and all go on, tabs: %s',
  { timeout: 60_000 },
  async (mode, context) => {
    const scene = await Scene.open(context, { mode })
    const tabs = await scene.tabs(2)
    const [one, two] = tabs as [Tab, Tab]
    await one.call('enqueue', [{ id: 'running', holds: 'released' }])
    await one.call('enqueue', [{ id: 'later', wait: '1h' }])
    const { who } = await scene.begun('running')

    await one.send('Storage.clearDataForOrigin', { origin: scene.site.origin, storageTypes: 'all' })
    const told = tabs.map((tab) => scene.noted('lost', '', scene.page(tab)))
    await one.call('enqueue', [{ id: 'from-one' }])
    await two.call('enqueue', [{ id: 'from-two' }])
    await Promise.all(told)
    for (const tab of tabs) await tab.call('release')
    // The run ends as if nothing had happened; what it says is refused, since nobody knows of its job any more.
    await scene.noted('ended', 'running', who)
    await Promise.all([scene.noted('ended', 'from-one'), scene.noted('ended', 'from-two')])
    const verdict = await scene.judge(two)
    // What was to be later is what the browser has forgotten.
    expectFaultless(verdict)
    expect(verdict).toMatchObject({ stored: 4, performed: 3, forgotten: 1, dead: 0 })
    const losses = scene.site.notes.filter(({ what }) => what === 'lost')
    expect(losses.map(({ who }) => who).sort()).toEqual(tabs.map((tab) => scene.page(tab)).sort())
  },
)

test('a full disk refuses what is enqueued, with a typed error, and the worker goes on with what it has', {
  timeout: 60_000,
}, async (context) => {
  const scene = await Scene.open(context, { mode: 'one' })
  const { origin } = scene.site
  // Before anything is stored: Chromium remembers for half a minute how much room there was.
  const outsider = await Tab.open('outsider', scene.browser.devTools, scene.site.elsewhere)
  const limit = (quotaSize: number) => outsider.send('Storage.overrideQuotaForOrigin', { origin, quotaSize })
  await limit(2_000_000)
  const tab = await scene.tab()
  await tab.call('enqueue', [{ id: 'running', holds: 'released' }])
  await scene.begun('running')

  const refusal = await tab.call('fill')
  expect(refusal).toMatchObject({ code: 'ERR_STORAGE_UNAVAILABLE', outcome: 'none' })
  expect(refusal.message).toContain('no room left')

  await limit(8_000_000)
  await tab.call('release')
  await tab.call('enqueue', [{ id: 'after' }])
  await scene.noted('ended', 'after')
  await tab.call('empty')
  const verdict = await scene.judge(tab)
  expectFaultless(verdict)
  expect(verdict).toMatchObject({ stored: 2, performed: 2, performedAgain: 0, dead: 0 })
})
