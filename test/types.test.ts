import { expect, test } from 'vitest'
import { capture } from '../scripts/ready/quietly.mjs'

test('the types accept and refuse what test/types says', async () => {
  expect(await capture('tsc', ['-p', 'test/types', '--pretty', 'false'])).toEqual({ code: 0, output: '' })
})
