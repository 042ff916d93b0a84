import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure, root } from './program.mjs'

const patienceMs = 10 * 60_000

/**
 * Does a piece of work that no two processes may do at once in this folder; the second waits for the first.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function alone(name, work) {
  mkdirSync(join(root, '.cache'), { recursive: true })
  const lock = join(root, '.cache', `${name}.lock`)
  for (const start = Date.now(); !taken(lock); await sleep(100)) {
    if (Date.now() - start > patienceMs) throw new Failure(`Waited ten minutes for ${lock}: remove it and try again.`)
  }
  try {
    return await work()
  } finally {
    rmSync(lock, { force: true })
  }
}

/** @param {string} lock */
function taken(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error
    if (!holderLives(lock)) rmSync(lock, { force: true })
    return false
  }
}

/** @param {string} lock */
function holderLives(lock) {
  try {
    // Signal 0 asks whether the process exists. An empty file is one that its holder has yet to write.
    return process.kill(Number(readFileSync(lock, 'utf8')) || process.pid, 0)
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}
