import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { alone } from './alone.mjs'
import { root } from './program.mjs'
import { quietly } from './quietly.mjs'

const sources = ['src', 'adapters', 'test/conformance']
const settings = [
  'package.json',
  'package-lock.json',
  'vite.config.ts',
  'scripts/bundled.mjs',
  'tsconfig.json',
  'tsconfig.build.json',
]
const stamp = join(root, '.cache', 'dist.sha256')

/** Builds dist/ when it is not what the sources would give. */
export async function dist() {
  if (isFresh()) return
  await alone('dist', async () => {
    if (!isFresh()) await build()
  })
}

/** JavaScript by Vite and declarations by tsc, at the same time: neither needs the other. */
export async function build() {
  const start = performance.now()
  const built = fingerprint()
  rmSync(stamp, { force: true })
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  const vite = quietly('vite', ['build', '--logLevel', 'warn'])
  const tsc = quietly('tsc', ['-p', 'tsconfig.build.json'])
  // Whether or not one fails, both are done with dist/ when this function is.
  await Promise.allSettled([vite, tsc])
  await Promise.all([vite, tsc])
  mkdirSync(join(root, '.cache'), { recursive: true })
  writeFileSync(stamp, built)
  console.log(`Built dist/ in ${((performance.now() - start) / 1000).toFixed(1)} s`)
}

function isFresh() {
  return existsSync(join(root, 'dist')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint()
}

/** Of contents, since times of modification mislead after a checkout. */
function fingerprint() {
  const files = sources.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  )
  const hash = createHash('sha256')
  for (const file of [...settings, ...files.filter((name) => /\.(?:ts|css)$/.test(name)).sort()]) {
    hash.update(`${file}\0`).update(readFileSync(join(root, file)))
  }
  return hash.digest('hex')
}
