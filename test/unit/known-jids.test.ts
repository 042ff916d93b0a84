import { expect, test } from 'vitest'
import { KnownJids } from '../../src/known-jids.ts'

test('the last thousand are known, and no more are kept', () => {
  const known = new KnownJids()
  expect(known.has('0')).toBe(false)
  for (let n = 0; n < 2_500; n++) known.add(String(n))
  expect(['0', '1499', '1500', '2499'].map((jid) => known.has(jid))).toEqual([false, false, true, true])
})
