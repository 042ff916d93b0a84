import fc from 'fast-check'
import { expect, test } from 'vitest'
import { printJson } from '../../src/dashboard/json-text.ts'

const print = (json: string, hidden: string[] = [], longest = 1_000_000) =>
  printJson(json, { hides: (path) => hidden.includes(path.join('.')), mark: '•••', layout: 'line', longest })

test('numbers and strings stay as they are written', () => {
  const json = '[12345678901234567890, 1.0, -0, 1e400, "\\u00e9\\n\\"]}", {"a": [], "b": {}}]'
  expect(print(json).text).toBe(json)
})

test('what is printed means what was stored, in either layout', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom('line' as const, 'lines' as const), (value, layout) => {
      const json = JSON.stringify(value)
      const { text, isRedacted, isCut } = printJson(json, { hides: () => false, mark: '', layout, longest: 1e9 })
      expect([JSON.parse(text), isRedacted, isCut]).toEqual([JSON.parse(json), false, false])
    }),
  )
})

test('one value stands on each line', () => {
  const { text } = printJson('[1,{"a":[true,null]}]', { hides: () => false, mark: '', layout: 'lines', longest: 1e9 })
  expect(text).toBe('[\n  1,\n  {\n    "a": [\n      true,\n      null\n    ]\n  }\n]')
})

test('hidden values are gone wholly, whatever they are', () => {
  const json = '[{"a":{"deep":["x",{"y":"z"}]},"b":"}]","c":1},2]'
  expect(print(json, ['0.a'])).toEqual({ text: '[{"a": •••, "b": "}]", "c": 1}, 2]', isRedacted: true, isCut: false })
  expect(print(json, ['0.b', '1']).text).toBe('[{"a": {"deep": ["x", {"y": "z"}]}, "b": •••, "c": 1}, •••]')
  expect(print('{"\\u0061":1}', ['a']).text).toBe('{"\\u0061": •••}')
})

test('long text is cut, and nested text without end is no trouble', () => {
  expect(print(`["${'x'.repeat(500)}", 1]`, [], 100)).toMatchObject({ isCut: true })
  expect(print(`["${'x'.repeat(500)}", 1]`, [], 100).text).toHaveLength(101)
  const deep = '['.repeat(200_000) + ']'.repeat(200_000)
  expect(print(deep, [], 1_000).isCut).toBe(true)
})
