import type { Stryker } from '@stryker-mutator/core'

/** What became of each. */
export type Mutants = Awaited<ReturnType<Stryker['runMutationTest']>>

type Status = Mutants[number]['status']

/** What became of the mutants of an area, in one line: the score is how many of those that count were noticed. */
export function score(area: string, mutants: Mutants, seconds: number): string {
  const count = (...statuses: Status[]) => mutants.filter(({ status }) => statuses.includes(status)).length
  const noticed = count('Killed', 'Timeout')
  const all = noticed + count('Survived', 'NoCoverage')
  const percent = ((100 * noticed) / Math.max(1, all)).toFixed(1)
  return `${area}: ${percent} % of ${all} mutants were noticed, ${all - noticed} survive (${seconds.toFixed(0)} s)`
}
