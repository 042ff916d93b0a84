/**
 * The tests take less time than what they prove would deserve. With PROOF=1 in the environment they do all of it, and
 * the figures that they print may be quoted.
 */
export function amount(usual: number, proof: number): number {
  return process.env.PROOF === '1' ? proof : usual
}

/** As a line of figures shows durations. */
export function percentiles(list: readonly number[]): string {
  const sorted = [...list].sort((a, b) => a - b)
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
  return `p50 ${at(0.5).toFixed(0)} ms, p95 ${at(0.95).toFixed(0)} ms, longest ${at(1).toFixed(0)} ms`
}
