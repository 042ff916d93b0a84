// @vitest-environment happy-dom

import { act, createElement, type ReactNode, Suspense, use } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { describe, expect, onTestFinished, test } from 'vitest'
import { memoryStorage } from '../../adapters/memory/index.ts'
import { useCounts, useJob, useQuayside, useQueue } from '../../src/react/index.ts'
import { later, pier } from '../engine/support/pier.ts'
import { MINUTE, rest } from '../engine/support/time.ts'
import { pageOf, shown } from './support.ts'

/** Every state that it was rendered with. */
function Job({ jid, seen = [] }: { jid: string | null | undefined; seen?: (string | undefined)[] }): ReactNode {
  const job = useJob(jid)
  seen.push(job?.state)
  return job ? `${job.class ?? 'Nobody'} is ${job.state}` : 'nothing yet'
}

const theJob = (jid: string | null | undefined, seen?: (string | undefined)[]) =>
  createElement(Job, seen ? { jid, seen } : { jid })

describe.each(['show', 'showStrictly'] as const)('useJob (%s)', (show) => {
  test('follows a job to its end', async () => {
    const page = pageOf()
    const run = later()
    const jid = await page.job('Send', { perform: () => run.promise }).performAsync()
    await page[show](theJob(jid))
    await page.pass()
    expect(page.html()).toBe('Send is waiting')
    await page.happens(() => page.work())
    await page.pass()
    expect(page.html()).toBe('Send is running')
    await page.happens(async () => run.resolve())
    await page.pass()
    expect(page.html()).toBe('Send is done')
  })

  test('follows another job when it is given another jid, and shows nothing of the first one then', async () => {
    const page = pageOf()
    const [one, other] = await Promise.all(['One', 'Other'].map((name) => page.job(name).performAsync()))
    const seen: (string | undefined)[] = []
    await page[show](theJob(one, seen))
    await page.pass()
    expect(page.html()).toBe('One is waiting')
    seen.length = 0
    await page[show](theJob(other, seen))
    expect(seen[0]).toBeUndefined()
    await page.pass()
    expect(page.html()).toBe('Other is waiting')
    await page[show](theJob(null))
    expect(page.html()).toBe('nothing yet')
  })

  test('leaves nothing running when it is unmounted', async () => {
    const page = pageOf()
    await page[show]([1, 2].map((key) => createElement(Job, { key, jid: 'a' })))
    await page.pass()
    await page.unmount()
    await page.pass(MINUTE)
    page.tap.calls.length = 0
    await page.job('A').performAsync()
    await page.pass(MINUTE)
    expect([page.tap.calls, page.clock.waiting]).toEqual([['push'], 0])
  })
})

test.each([null, undefined])('without a jid (%s) nothing is watched', async (jid) => {
  const page = pageOf()
  await page.show(theJob(jid))
  await page.pass()
  expect([page.html(), page.tap.calls]).toEqual(['nothing yet', []])
})

test('components that watch the same share one look', async () => {
  const page = pageOf()
  const jid = await page.job('A').performAsync()
  await page.show(Array.from({ length: 30 }, (_, key) => createElement(Job, { key, jid })))
  await page.pass()
  expect(page.tap.count('stats')).toBeLessThanOrEqual(2)
  expect(page.tap.count('scan')).toBe(page.tap.count('stats'))
})

test('a component is rendered again only when something changed that it shows', async () => {
  const page = pageOf()
  const jid = await page.job('A').performIn('1h')
  const seen: (string | undefined)[] = []
  await page.show(theJob(jid, seen))
  await page.pass()
  for (let n = 0; n < 5; n++) {
    await page.happens(() => page.job('B').performAsync(n))
    await page.pass()
  }
  expect(seen).toEqual([undefined, 'scheduled'])
})

test('a render that React throws away has watched nothing', async () => {
  const page = pageOf()
  const never = new Promise<never>(() => {})
  const Suspended = () => {
    useJob('a')
    return use(never)
  }
  await page.show(createElement(Suspense, { fallback: 'later' }, createElement(Suspended)))
  await page.pass()
  expect([page.html(), page.tap.calls, page.clock.waiting]).toEqual(['later', [], 0])
})

test('useQueue shows one queue, and another when it is asked for another', async () => {
  const page = pageOf()
  await page.job('A', { queue: 'mail' }).performAsync()
  await page.job('A', { queue: 'low' }).performBulk([[], []])
  const Size = ({ name }: { name: string }) => `${name}: ${useQueue(name)?.size}`
  await page.show(createElement(Size, { name: 'mail' }))
  await page.pass()
  expect(page.html()).toBe('mail: 1')
  await page.happens(() => page.app.queue('mail').clear())
  await page.pass()
  expect(page.html()).toBe('mail: 0')
  await page.show(createElement(Size, { name: 'low' }))
  await page.pass()
  expect(page.html()).toBe('low: 2')
})

test('useCounts shows what all do, in other tabs too', async () => {
  const storage = memoryStorage()
  const [page, there] = [pageOf(pier({ storage })), pier({ storage })]
  await page.show(shown(() => useCounts()?.enqueued))
  await page.pass()
  expect(page.html()).toBe('0')
  await page.happens(() => there.job('A').performBulk([[], []]))
  await page.pass()
  expect(page.html()).toBe('2')
})

test('another app in the provider is another world', async () => {
  const [page, other] = [pageOf(), pier()]
  await page.job('A').performAsync()
  const Size = () => `${useCounts()?.enqueued}`
  await page.show(createElement(Size))
  await page.pass()
  expect(page.html()).toBe('1')
  const elsewhere = pageOf(other)
  await elsewhere.show(createElement(Size))
  await elsewhere.pass()
  expect([page.html(), elsewhere.html()]).toEqual(['1', '0'])
})

test('a server renders what is there before anything is known, and asks nothing; then the page is filled', async () => {
  const page = pageOf()
  const jid = await page.job('Send').performAsync()
  page.tap.calls.length = 0
  const tree = page.around(theJob(jid))
  const container = document.createElement('main')
  container.innerHTML = renderToString(tree)
  await rest()
  expect([container.innerHTML, page.tap.calls]).toEqual(['nothing yet', []])
  const root = await act(async () => hydrateRoot(container, tree))
  onTestFinished(() => act(async () => root.unmount()))
  await page.pass()
  expect(container.innerHTML).toBe('Send is waiting')
})

test('without a provider the error says what to do', () => {
  const message = 'put <QuaysideProvider app={app}> around'
  for (const hook of [useQuayside, useCounts, () => useJob('a'), () => useQueue('a')]) {
    expect(() => renderToString(shown(hook))).toThrow(message)
  }
})

test('useQuayside answers the app', async () => {
  const page = pageOf()
  let app: unknown
  await page.show(
    shown(() => {
      app = useQuayside()
      return ''
    }),
  )
  expect(app).toBe(page.app)
})
