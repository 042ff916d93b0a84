// Runs the simulation on many seeds: npm run simulate -- --seeds 20000 --from 1
// Prints how far it is, and for each seed that fails a story and how to see it again.

import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { simulate } from '../src/testing/simulate/index.ts'
import { Failure, program } from './ready/program.mjs'

/** So many are told at length: the first ones say it all. */
const STORIES = 3

const TOLD_EVERY_MS = 10_000

/**
 * @typedef {{ seed: number, hash: string, steps: number, simulatedMs: number, promised: number, runs: number,
 *   failure?: { message: string, story: string } }} Ran
 */

await program(() => (process.send ? work() : lead()))

/** Divides the seeds among as many processes as there are cores. */
async function lead() {
  const { from, seeds } = numbers()
  const total = { seeds: 0, failed: 0, steps: 0, simulatedMs: 0, promised: 0, runs: 0 }
  const start = performance.now()
  const tell = () => console.log(line(total, (performance.now() - start) / 1000))
  const timer = setInterval(tell, TOLD_EVERY_MS)
  const workers = Math.min(availableParallelism(), seeds)
  await Promise.all(
    Array.from({ length: workers }, (_, index) => {
      return oneOf([from + index, from + seeds, workers], (ran) => {
        add(total, ran)
        if (ran.failure && total.failed <= STORIES) console.log(`\n${ran.failure.story}\n`)
        else if (ran.failure) console.log(`seed ${ran.seed}: ${ran.failure.message}`)
      })
    }),
  )
  clearInterval(timer)
  tell()
  if (total.failed > 0) throw new Failure(`${total.failed} of ${seeds} seeds failed`)
}

/** Every n-th seed, where n is how many share them. */
async function work() {
  process.on('disconnect', () => process.exit())
  const [from = 0, to = 0, step = 1] = process.argv.slice(2).map(Number)
  for (let seed = from; seed < to; seed += step) {
    const { failure, ...ran } = await simulate({ seed })
    process.send?.({ ...ran, failure: failure && { message: failure.message, story: failure.story } })
  }
  process.disconnect()
}

/**
 * @param {number[]} range
 * @param {(ran: Ran) => void} onRan
 * @returns {Promise<void>}
 */
function oneOf(range, onRan) {
  const child = fork(fileURLToPath(import.meta.url), range.map(String))
  child.on('message', (message) => onRan(/** @type {Ran} */ (message)))
  return new Promise((resolve, reject) => {
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Failure(`a simulation ended with ${code}`))))
  })
}

function numbers() {
  const options = /** @type {const} */ ({
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
  })
  const { values } = parseArgs({ options })
  const [seeds, from] = [Number(values.seeds), Number(values.from)]
  if (!Number.isSafeInteger(seeds) || seeds < 1)
    throw new Failure(`--seeds takes a number of seeds; got ${values.seeds}`)
  if (!Number.isSafeInteger(from)) throw new Failure(`--from takes the first seed, a number; got ${values.from}`)
  return { seeds, from }
}

/**
 * @param {{ seeds: number, failed: number, steps: number, simulatedMs: number, promised: number, runs: number }} total
 * @param {Ran} ran
 */
function add(total, ran) {
  total.seeds++
  if (ran.failure) total.failed++
  for (const name of /** @type {const} */ (['steps', 'simulatedMs', 'promised', 'runs'])) total[name] += ran[name]
}

/**
 * @param {Parameters<typeof add>[0]} total
 * @param {number} seconds
 */
function line({ seeds, failed, steps, simulatedMs, promised, runs }, seconds) {
  const hours = simulatedMs / 3_600_000
  const pace = `${(seeds / seconds).toFixed(1)} seeds/s, ${(hours / seconds).toFixed(2)} simulated hours/s`
  const done = `${promised} jobs promised, ${runs} runs, ${steps} steps, ${hours.toFixed(1)} simulated hours`
  return `${seeds} seeds, ${failed} failed: ${pace}; ${done}`
}
