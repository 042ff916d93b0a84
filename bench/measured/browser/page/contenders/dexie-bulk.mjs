import { open as openSingle } from './dexie.mjs'

/** All of a turn by one `bulkAdd`, for those who have them together. */
export function open() {
  const single = openSingle()
  return { ...single, enqueueAll: single.fill }
}
