// What Quayside adds to a page: bundled with its dependencies, minified, compressed with Brotli. Code that is imported
// dynamically, periodic jobs so far, is a file of its own that a page loads when it first needs it, and does not count.
// npm run size -- --json answers programs, npm run size -- --write brings the table in README.md up to date.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'vite'
import { Failure, isProgram, program, root } from './ready/program.mjs'

/** What users import, and the most that it may come to, compressed. */
const bundles = [
  {
    name: 'core + memory',
    code: `export { Quayside } from 'quayside'; export { memoryStorage } from 'quayside/memory'`,
    budgetKiB: 26,
  },
  {
    name: 'core + IndexedDB',
    code: `export { Quayside } from 'quayside'; export { indexedDBStorage } from 'quayside/indexeddb'`,
    budgetKiB: 32.5,
  },
  { name: '`quayside/client`', code: `export { Quayside } from 'quayside/client'`, budgetKiB: 8.8 },
  {
    name: '`quayside/client` + IndexedDB',
    code: `export { Quayside } from 'quayside/client'; export { indexedDBStorage } from 'quayside/indexeddb'`,
    budgetKiB: 20.8,
  },
]

const preloader = 'vite/preload-helper.js'

/** @typedef {{ name: string, minifiedKiB: number, brotliKiB: number, budgetKiB: number }} Size */

/**
 * Measures dist as it stands.
 * @returns {Promise<Size[]>}
 */
export function measure() {
  return Promise.all(
    bundles.map(async ({ name, code, budgetKiB }) => {
      const text = await bundle(code)
      return {
        name,
        minifiedKiB: Buffer.byteLength(text) / 1024,
        brotliKiB: brotliCompressSync(text).length / 1024,
        budgetKiB,
      }
    }),
  )
}

/**
 * The table as README.md has it.
 * @param {Size[]} sizes
 */
export function tableOf(sizes) {
  const rows = sizes.map(({ name, brotliKiB }) => `| ${name} | ${brotliKiB.toFixed(1)} KiB |`)
  return ['| import | minified, Brotli |', '| --- | ---: |', ...rows].join('\n')
}

/** README.md in three parts, of which the second is the table. */
export function readme() {
  const text = readFileSync(join(root, 'README.md'), 'utf8')
  const [, before, table, after] = text.match(/^(.*<!-- size -->\n)(.*?)(<!-- \/size -->.*)$/s) ?? []
  if (before === undefined || table === undefined || after === undefined) {
    throw new Failure('README.md has no room for the table of sizes: lines <!-- size --> and <!-- /size -->')
  }
  return { before, table: table.trim(), after }
}

/** @param {string} code */
async function bundle(code) {
  const entry = join(root, 'what-users-write.js')
  const result = await build({
    root,
    configFile: false,
    logLevel: 'error',
    plugins: [
      {
        name: 'entry',
        enforce: 'pre',
        resolveId: (_, importer) => (importer === undefined ? entry : undefined),
        // Vite's own loader of what is imported dynamically is on the page once, whoever imports.
        load: (id) =>
          id === entry ? code : id.endsWith(preloader) ? 'export const __vitePreload = (load) => load()' : undefined,
      },
    ],
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: { input: 'entry', preserveEntrySignatures: 'allow-extension' },
    },
  })
  if (!('output' in result)) throw new Error('Vite did not answer with one bundle')
  const chunks = result.output.flatMap((file) => (file.type === 'chunk' ? [file] : []))
  return loaded(
    chunks.find(({ isEntry }) => isEntry),
    chunks,
  )
    .map(({ code }) => code)
    .join('')
}

/**
 * A file and all that it imports, before any of it runs.
 * @template {{ fileName: string, imports: string[] }} Chunk
 * @param {Chunk | undefined} entry
 * @param {Chunk[]} chunks
 */
function loaded(entry, chunks) {
  const found = new Set(entry ? [entry] : [])
  for (const { imports } of found) {
    for (const chunk of chunks) if (imports.includes(chunk.fileName)) found.add(chunk)
  }
  return [...found]
}

/** @param {Size[]} sizes */
function print(sizes) {
  for (const { name, minifiedKiB, brotliKiB, budgetKiB } of sizes) {
    const columns = [`minified ${kib(minifiedKiB)}`, `Brotli ${kib(brotliKiB)}`, `budget ${kib(budgetKiB)}`]
    console.log(`${name.padEnd(32)}${columns.join('   ')}${brotliKiB > budgetKiB ? '   OVER' : ''}`)
  }
}

/** @param {number} value */
function kib(value) {
  return `${value.toFixed(1).padStart(5)} KiB`
}

if (isProgram(import.meta.url)) {
  await program(async () => {
    const { values } = parseArgs({ options: { json: { type: 'boolean' }, write: { type: 'boolean' } } })
    const sizes = await measure()
    if (values.json) console.log(JSON.stringify(sizes, null, 2))
    else print(sizes)
    if (values.write) {
      const { before, after } = readme()
      writeFileSync(join(root, 'README.md'), `${before}\n${tableOf(sizes)}\n\n${after}`)
    }
    if (sizes.some(({ brotliKiB, budgetKiB }) => brotliKiB > budgetKiB)) throw new Failure('Over budget')
  })
}
