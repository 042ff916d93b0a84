// @vitest-environment happy-dom

import { createElement, type ReactNode } from 'react'
import { expect, test } from 'vitest'
import type { Enqueuer } from '../../src/index.ts'
import { type Enqueuing, useEnqueue, useJob } from '../../src/react/index.ts'
import { later } from '../engine/support/pier.ts'
import { pageOf } from './support.ts'

/** A component that enqueues, and the last that its hook answered. */
function enqueuer() {
  const seen: Enqueuing<unknown[]>[] = []
  const Button = ({ job }: { job: Enqueuer<unknown[]> }): ReactNode => {
    const enqueuing = useEnqueue(job)
    const state = useJob(enqueuing.jid)?.state
    seen.push(enqueuing)
    return state ?? 'nothing yet'
  }
  const at = (job: Enqueuer<unknown[]>) => createElement(Button, { job })
  return { seen, at, last: () => seen.at(-1) as Enqueuing<unknown[]> }
}

test.each(['show', 'showStrictly'] as const)('a job is enqueued, and followed by its jid (%s)', async (show) => {
  const page = pageOf()
  const { job, noted } = page.noting('Send')
  const { at, last } = enqueuer()
  await page[show](at(job))
  expect(last()).toMatchObject({ jid: null, error: undefined, isEnqueuing: false })
  const jid = await page.happens(() => last().enqueue('ada'))
  expect(last()).toMatchObject({ jid, error: undefined, isEnqueuing: false })
  await page.pass()
  expect(page.html()).toBe('waiting')
  await page.happens(() => page.work())
  await page.pass()
  expect([page.html(), noted]).toEqual(['done', ['ada']])
})

test('the function is the same in every render, until the job is another', async () => {
  const page = pageOf()
  const [one, other] = [page.job('One'), page.job('Other')]
  const { at, seen, last } = enqueuer()
  await page.show(at(one))
  await page.happens(() => last().enqueue())
  await page.show(at(one))
  expect(new Set(seen.map(({ enqueue }) => enqueue)).size).toBe(1)
  await page.show(at(other))
  expect(new Set(seen.map(({ enqueue }) => enqueue)).size).toBe(2)
  await page.happens(() => last().enqueue())
  const { jobs } = await page.app.queue('default').page()
  expect(jobs.map(({ class: name }) => name)).toEqual(['One', 'Other'])
})

test('what fails is told, not thrown, and the next call begins anew', async () => {
  const page = pageOf()
  const { at, last } = enqueuer()
  await page.show(at(page.job('Send')))
  page.tap.weather = 'down'
  expect(await page.happens(() => last().enqueue('ada'))).toBeNull()
  expect(last()).toMatchObject({ jid: null, isEnqueuing: false, error: { code: 'ERR_STORAGE_UNAVAILABLE' } })
  page.tap.weather = 'fair'
  expect(await page.happens(() => last().enqueue(new Date()))).toBeNull()
  expect(last().error).toMatchObject({ code: 'ERR_ARGUMENT' })
  const jid = await page.happens(() => last().enqueue('ada'))
  expect(last()).toMatchObject({ jid, error: undefined })
})

test('while it is stored it says so; of calls that overlap, the last one counts', async () => {
  const page = pageOf()
  const stores = [later(), later()]
  let pushes = 0
  page.tap.on('push', async (call) => {
    await stores[pushes++]?.promise
    return call()
  })
  const { at, last } = enqueuer()
  await page.show(at(page.job('Send')))
  const calls: Promise<string | null>[] = []
  await page.happens(async () => void calls.push(last().enqueue(1)))
  await page.happens(async () => void calls.push(last().enqueue(2)))
  expect(last()).toMatchObject({ jid: null, isEnqueuing: true })
  stores[1]?.resolve()
  const second = await page.happens(async () => calls[1])
  expect(last()).toMatchObject({ jid: second, isEnqueuing: false })
  stores[0]?.resolve()
  const first = await page.happens(async () => calls[0])
  expect(first).not.toBe(second)
  expect(last()).toMatchObject({ jid: second, isEnqueuing: false })
})

test('a component that is gone when its job is stored is left alone, and the job is stored', async () => {
  const page = pageOf()
  const store = later()
  page.tap.on('push', async (call) => {
    await store.promise
    return call()
  })
  const { at, last, seen } = enqueuer()
  await page.show(at(page.job('Send')))
  let stored: Promise<string | null> | undefined
  await page.happens(async () => {
    stored = last().enqueue('ada')
  })
  await page.unmount()
  const renders = seen.length
  await page.happens(async () => store.resolve())
  expect(await stored).toMatch(/^\w{24}$/)
  expect([seen.length, await page.app.queue('default').size()]).toEqual([renders, 1])
})

test('a job whose unique lock another holds answers as performAsync does', async () => {
  const page = pageOf()
  const { at, last } = enqueuer()
  await page.show(at(page.job('Once', { unique: { for: '1h' } })))
  expect(await page.happens(() => last().enqueue('x'))).toMatch(/^\w{24}$/)
  expect(await page.happens(() => last().enqueue('x'))).toBeNull()
  expect(last()).toMatchObject({ jid: null, error: undefined, isEnqueuing: false })
})
