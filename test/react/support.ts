import { act, createElement, type ReactNode, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { expect, onTestFinished, vi } from 'vitest'
import { QuaysideProvider } from '../../src/react/index.ts'
import { pier } from '../engine/support/pier.ts'
import { LOOK } from '../engine/support/watching.ts'

/** Tells React that its updates are waited for. */
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })

/** An app, and a page to show its components on. What React complains of fails the test. */
export function pageOf(here: ReturnType<typeof pier> = pier()) {
  const complaints = vi.spyOn(console, 'error')
  const container = document.createElement('main')
  const root = createRoot(container)
  const html = () => container.innerHTML
  const around = (children: ReactNode) => createElement(QuaysideProvider, { app: here.app, children })

  const show = (children: ReactNode): Promise<void> => act(async () => root.render(around(children)))
  /** As in development: everything is rendered and subscribed twice. */
  const showStrictly = (children: ReactNode): Promise<void> => show(createElement(StrictMode, null, children))
  const unmount = (): Promise<void> => act(async () => root.unmount())
  /** Lets time pass, long enough for a look at what changed. */
  const pass = (ms: number = LOOK): Promise<void> => act(() => here.pass(ms))
  /** Does something to which components react. */
  const happens = <T>(run: () => Promise<T>): Promise<T> => act(run)

  onTestFinished(async () => {
    await unmount()
    const { calls } = complaints.mock
    complaints.mockRestore()
    expect(calls).toEqual([])
  })
  return { ...here, html, around, show, showStrictly, unmount, pass, happens }
}

/** Shows what a hook answers, as text. */
export function shown(useIt: () => unknown): ReactNode {
  const Shown = () => JSON.stringify(useIt()) ?? 'nothing yet'
  return createElement(Shown)
}
