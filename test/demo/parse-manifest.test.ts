import { expect, test } from 'vitest'
import { parseManifest } from '../../demo/parse-manifest.ts'

test('reads name, version, licence and links', () => {
  const manifest = {
    name: '@scope/über',
    version: '1.2.3',
    description: 'Three short words',
    license: 'MIT',
    homepage: 'https://home.example',
    repository: { type: 'git', url: 'git+https://git.example/x.git' },
    bugs: 'https://home.example',
  }
  expect(parseManifest(JSON.stringify(manifest))).toEqual({
    words: 3,
    headings: [],
    links: ['https://home.example', 'git+https://git.example/x.git'],
    licence: 'MIT',
    manifest: { name: '@scope/über', version: '1.2.3' },
  })
})

test.each([
  [{ license: { type: 'BSD-2-Clause' } }, 'BSD-2-Clause'],
  [{ licenses: [{ type: 'MIT' }, { type: 'GPL-2.0' }] }, 'MIT OR GPL-2.0'],
  [{ license: '' }, null],
  [{ license: 7 }, null],
  [{}, null],
])('reads the licence of %j', (manifest, licence) => {
  expect(parseManifest(JSON.stringify(manifest)).licence).toBe(licence)
})

test('takes fields of wrong types for missing', () => {
  const { words, links, manifest } = parseManifest(
    '{"name":1,"version":{},"description":[],"repository":null,"bugs":{}}',
  )
  expect({ words, links, manifest }).toEqual({ words: 0, links: [], manifest: { name: null, version: null } })
})

test.each([
  ['{ "name": ', 'not JSON'],
  ['', 'not JSON'],
  ['[]', 'not a JSON object'],
  ['null', 'not a JSON object'],
])('refuses %j', (text, message) => {
  expect(() => parseManifest(text)).toThrow(expect.objectContaining({ name: 'UnreadableFileError', message }))
})
