const EVERY_MS = 20

/**
 * Makes all timers of the page fire from one that sets itself again. Chromium throttles only such ones to one a minute,
 * and spares those that are set after a transaction, as a worker's are. Not every browser does: here none is spared.
 */
export function chainTimers(): void {
  const { setTimeout } = globalThis
  const timers = new Map<number, { readonly at: number; readonly run: () => void }>()
  let ids = 0
  const chained = (run: () => void, ms = 0) => {
    timers.set(++ids, { at: performance.now() + ms, run })
    return ids
  }
  const fire = () => {
    setTimeout(fire, EVERY_MS)
    for (const [id, { at, run }] of timers) if (at <= performance.now() && timers.delete(id)) run()
  }
  fire()
  Object.assign(globalThis, { setTimeout: chained, clearTimeout: (id: number) => timers.delete(id) })
}
