/**
 * The whole of a measured program: takes its settings from the command line, prints one line of JSON, and ends. Measured
 * code is plain JavaScript in a fresh process: a TypeScript loader would rename and wrap what it measures, and a process
 * that has run something else before has other types and another heap.
 *
 * @template Settings
 * @param {(settings: Settings) => Promise<Record<string, number>>} run answers the figures
 */
export async function measure(run) {
  const settings = /** @type {Settings} */ (JSON.parse(process.argv[2] ?? '{}'))
  const figures = await run(settings)
  process.stdout.write(JSON.stringify(figures), () => process.exit())
}

/**
 * How long something takes, by the clock on the wall and by the processor's. The second is the steadier one on a machine
 * that has other things to do; it counts the collector's helper threads as well.
 *
 * @param {() => unknown} work
 */
export async function timed(work) {
  const cpu = process.cpuUsage()
  const start = performance.now()
  await work()
  const seconds = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return { seconds, cpuSeconds: (user + system) / 1e6 }
}

/** Bytes that are in use once all garbage is gone. Needs --expose-gc. */
export async function bytesInUse() {
  for (let round = 0; round < 4; round++) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    globalThis.gc?.()
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/**
 * @param {Float64Array} samples sorted on return
 * @param {number} share 0.5 for the median
 */
export function percentile(samples, share) {
  samples.sort()
  return /** @type {number} */ (samples[Math.min(samples.length - 1, Math.ceil(samples.length * share) - 1)])
}
