import { expect, test } from 'vitest'
import { eventually } from '../faults/eventually.ts'
import { MODES } from './orders.ts'
import { Scene } from './scene.ts'

const JOBS = 100
const CONCURRENCY = 5

/** For so long a page is offline: some probes find that it still is. */
const PROBES = 2

test.for(MODES)(
  'jobs that require the network wait for it, and spend no attempt, tabs: %s',
  { timeout: 120_000 },
  async (mode, context) => {
    const scene = await Scene.open(context, { mode, work: { concurrency: CONCURRENCY } })
    const tab = await scene.tab()
    const network = (offline: boolean) =>
      tab.send('Network.emulateNetworkConditions', {
        offline,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput: -1,
      })
    const ids = Array.from({ length: JOBS }, (_, n) => `send-${n}`)

    await tab.send('Network.enable')
    await network(true)
    await tab.call('send', ids)
    const sends = await eventually('some probes were made', async () => {
      const sends = await tab.call('sends')
      return sends >= CONCURRENCY + PROBES && sends
    })
    // One at a time tries whether it is back, and not each of them.
    expect(sends).toBeLessThan(JOBS / 2)
    expect(await tab.call('unfinished')).toBe(JOBS)

    const backAt = performance.now()
    await network(false)
    const first = await scene.site.noted('the first job is done', ({ what }) => what === 'ended')
    const last = await scene.site.noted('all jobs are done', () => ended().size === JOBS)
    const notes = scene.site.notes.filter(({ id }) => id !== '')
    expect(ended()).toEqual(new Set(ids))
    // Each reached the server once, at the first attempt.
    expect(notes.length).toBe(2 * JOBS)
    expect(new Set(notes.filter(({ what }) => what === 'ended').map(({ about }) => about))).toEqual(new Set([1]))
    expect(await tab.call('dead')).toEqual([])
    console.log(
      `offline, tabs: ${mode}: ${sends} runs of ${JOBS} jobs while it was; the first was done ${(first.at - backAt).toFixed(0)} ms ` +
        `after the network's return, all after ${(last.at - backAt).toFixed(0)} ms`,
    )

    function ended(): ReadonlySet<string> {
      return new Set(scene.site.notes.filter(({ what }) => what === 'ended').map(({ id }) => id))
    }
  },
)
