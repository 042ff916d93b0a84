import { expect, test } from 'vitest'

test('importing the entries leaves no trace in a page', async () => {
  const before = Object.getOwnPropertyNames(globalThis)

  await Promise.all([
    import('quayside'),
    import('quayside/client'),
    import('quayside/memory'),
    import('quayside/indexeddb'),
    import('quayside/dashboard'),
    import('quayside/dashboard/element'),
    import('quayside/testing'),
    import('quayside/conformance'),
  ])

  expect(Object.getOwnPropertyNames(globalThis)).toEqual(before)
})
