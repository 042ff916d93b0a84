import { expect, test } from 'vitest'
import { copyOf } from '../../src/inspect/copy.ts'

const stored =
  '{"class":"Work","args":[12345678901234567890],"jid":"a","queue":"low","retry":5,"tenant":7,"created_at":1.5,' +
  '"failed_at":2.5,"retry_count":3,"error_class":"E","unique_key":"u","expires_at":9.5}'

const copied = (text: string, args?: string) => copyOf(text, { jid: 'b', stampedAt: 3.5, args })

test('a copy keeps what the job is, and not what became of it', () => {
  expect(copied(stored)).toEqual({
    queue: 'low',
    text: '{"class":"Work","args":[12345678901234567890],"jid":"b","queue":"low","retry":5,"tenant":7,"created_at":3.5,"enqueued_at":3.5}',
  })
})

test('other arguments are stored as they are written', () => {
  expect(copied(stored, ' [ 1.0, 98765432109876543210 ] ').text).toContain('"args":[ 1.0, 98765432109876543210 ],')
})

test.each([
  ['[1', 'args is not JSON'],
  ['{}', 'args is not an array'],
  ['"x"', 'args is not an array'],
  ['["\\ud800"]', 'lone surrogate'],
  [`${'['.repeat(120)}${']'.repeat(120)}`, 'nested more than'],
])('arguments that cannot be stored are refused: %s', (args, message) => {
  expect(() => copied(stored, args)).toThrow(message)
})

test('what is no job has no copy', () => {
  expect(() => copied('nonsense')).toThrow('not JSON')
})
