import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { alone } from './alone.mjs'
import { root } from './program.mjs'
import { quietly } from './quietly.mjs'

/**
 * Makes node_modules what package-lock.json says.
 * @param {string} [folder]
 */
export async function packages(folder = root) {
  if (installed(folder)) return
  await alone('packages', async () => {
    if (installed(folder)) return
    console.log(`Installing the packages of ${folder === root ? 'package-lock.json' : folder} ...`)
    // No package that we use needs its install script.
    await quietly('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder })
  })
}

/**
 * Whether npm's own record of what it installed, written last, agrees with the lock file.
 * @param {string} folder
 */
function installed(folder) {
  const record = join(folder, 'node_modules', '.package-lock.json')
  if (!existsSync(record)) return false
  const wanted = entries(join(folder, 'package-lock.json'))
  const found = entries(record)
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    if (!path.startsWith('node_modules/')) return true
    const there = found[path]
    return there ? there.version === version && there.integrity === integrity : optional === true
  })
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, integrity?: string, optional?: boolean }>}
 */
function entries(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages
}
