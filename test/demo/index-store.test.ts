import { expect, test } from 'vitest'
import type { FileFacts } from '../../demo/facts.ts'
import { IndexStore } from '../../demo/index-store.ts'
import { packageEntry } from '../../demo/package-entry.ts'

const facts: FileFacts = { words: 2, headings: [{ level: 1, text: 'A' }], links: ['./b'], licence: null }

const manifestFacts: FileFacts = { ...facts, licence: 'MIT', manifest: { name: 'a', version: '1.0.0' } }

function storeOf(...paths: string[]): IndexStore {
  const store = new IndexStore()
  store.expect(paths.map((path) => ({ path, packageFolder: path.startsWith('a/') ? 'a' : undefined })))
  return store
}

test('the last file of a package answers its folder, whether it was read or not', () => {
  const store = storeOf('a/package.json', 'a/README.md', 'README.md')
  expect(store.keepFile('a/package.json', facts)).toBeUndefined()
  expect(store.keepFile('a/package.json', facts)).toBeUndefined()
  expect(store.keepFailure('a/README.md', 'gone')).toBe('a')
  expect(store.keepFile('README.md', facts)).toBeUndefined()
})

test('is incomplete until it is summed up, and shows packages that are whole', () => {
  const store = storeOf('a/package.json', 'a/README.md', 'README.md')
  store.keepFile('a/package.json', manifestFacts)
  expect(store.summary).toBeUndefined()
  expect(store.partial).toMatchObject({ complete: false, packages: [], totals: { packages: 0, files: 0 } })

  store.keepFailure('a/README.md', 'gone')
  store.keepFile('README.md', facts)
  store.keepPackage(packageEntry('a', store.filesOf('a')))
  store.summarise()
  expect(store.summary).toMatchObject({
    complete: true,
    totals: { packages: 1, files: 2, failed: 1, words: 4, headings: 2, links: 2, licences: { MIT: 1 } },
    packages: [{ path: 'a', name: 'a', failed: [{ path: 'a/README.md', reason: 'gone' }] }],
    others: { files: [{ path: 'README.md', words: 2 }], failed: [] },
  })
})

test('a package takes its licence from its README when its package.json names none', () => {
  const licenceOf = (manifest: string | null, readme: string | null): string | null =>
    packageEntry('a', [
      { path: 'a/README.md', facts: { ...facts, licence: readme } },
      { path: 'a/docs/README.md', facts: { ...facts, licence: 'GPL-3.0' } },
      { path: 'a/package.json', facts: { ...manifestFacts, licence: manifest } },
    ]).licence
  expect(licenceOf('MIT', 'ISC')).toBe('MIT')
  expect(licenceOf(null, 'ISC')).toBe('ISC')
  expect(licenceOf(null, null)).toBeNull()
})
