// Which room of the house may import what. Cycles are Biome's to find (biome.json).

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { parseSync, Visitor } from 'vite'
import { isProgram, root } from './ready/program.mjs'

/** What an import names that is an expression: a file of the user's. */
const computed = 'what only running it can tell'

/** All that an adapter sees of the core. */
const contract = [
  'src/storage.ts',
  'src/payload.ts',
  'src/errors.ts',
  'src/clock.ts',
  'src/duration.ts',
  'src/metrics.ts',
]

/**
 * A file is in the first room whose folder holds it, and may import from that folder and from what is listed: files,
 * folders, packages, all of `node:`. An adapter lists its library here.
 */
const rooms = [
  { folder: 'src/testing/', may: ['src/', 'adapters/memory/', 'vitest'] },
  { folder: 'src/react/', may: ['src/', 'react'] },
  { folder: 'src/prometheus/', may: ['src/', 'prom-client'] },
  { folder: 'src/otel/', may: ['src/', '@opentelemetry/api'] },
  // The one room of the core that only Node enters.
  { folder: 'src/cli/', may: ['src/', 'adapters/memory/', 'adapters/redis/', 'node:', 'yaml', computed] },
  { folder: 'src/cron/', may: ['src/', 'croner'] },
  { folder: 'src/dashboard/node.ts', may: ['src/dashboard/', 'node:http'] },
  { folder: 'src/dashboard/', may: ['src/'] },
  { folder: 'src/', may: ['mitt'] },
  { folder: 'adapters/memory/', may: contract },
  { folder: 'adapters/indexeddb/', may: [...contract, 'idb'] },
  {
    folder: 'adapters/redis/',
    may: [...contract, 'src/logger.ts', 'src/options.ts', 'ioredis', 'node:crypto', 'node:os', 'node:worker_threads'],
  },
  { folder: 'test/conformance/', may: ['src/'] },
]

/**
 * Why a file may not import something, if so.
 * @param {string} file from the root of the repository
 * @param {string} specifier as it is written in the import
 * @returns {string | undefined}
 */
export function objection(file, specifier) {
  const room = rooms.find(({ folder }) => file.startsWith(folder))
  if (!room) return `${file} is in no room that scripts/imports.mjs knows`
  const target = specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : specifier
  const allowed = [room.folder, ...room.may].some((place) =>
    /[/:]$/.test(place) ? target.startsWith(place) : target === place,
  )
  if (!allowed) return `${file} imports ${target}; beside its own folder, ${room.folder} may import ${list(room.may)}`
}

/** Every import that a file of the house should not make. */
export function objections() {
  return ['src', 'adapters', 'test/conformance']
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(posixIn(folder)))
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => imports(file).map((specifier) => objection(file, specifier)))
    .filter((found) => found !== undefined)
}

/**
 * @param {string} file
 * @returns {string[]}
 */
function imports(file) {
  /** @type {string[]} */
  const found = []
  /** @param {{ source: { type: string, value?: unknown } | null }} node */
  const add = ({ source }) => {
    if (source) found.push(typeof source.value === 'string' ? source.value : computed)
  }
  new Visitor({
    ImportDeclaration: add,
    ExportNamedDeclaration: add,
    ExportAllDeclaration: add,
    ImportExpression: add,
    TSImportType: add,
  }).visit(parseSync(file, readFileSync(join(root, file), 'utf8')).program)
  return found
}

/** @param {string} folder */
function posixIn(folder) {
  return (/** @type {string} */ file) => posix.join(folder, file.replaceAll('\\', '/'))
}

/** @param {string[]} names */
function list(names) {
  return names.length > 0 ? names.join(', ') : 'nothing'
}

if (isProgram(import.meta.url)) {
  const found = objections()
  for (const line of found) console.error(line)
  if (found.length > 0) process.exitCode = 1
}
