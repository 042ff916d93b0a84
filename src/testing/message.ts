import type { Compared, Expectation, Found } from './expectation.ts'
import { lineOf } from './expectation.ts'
import { showArgs } from './matching.ts'
import { nameOf, type Target } from './target.ts'
import type { EnqueuedJob } from './waiting.ts'

const MOST_LINES = 5

/** Why an expectation failed: what was enqueued instead, closest first. */
export function missingText(target: Target, expectation: Expectation, found: Found): string {
  const { matching, others, strangers, isInline } = found
  const lines = [`Expected ${wanted(target, expectation)}.`]
  if (expectation.times !== undefined && matching.length > 0) {
    lines.push(`Enqueued so, ${countText(matching.length)}:`, ...listed(matching, target))
  }
  if (others.length > 0) lines.push('Enqueued instead, closest first:', ...listed(others, target))
  if (matching.length + others.length === 0) lines.push(nothingText(strangers, isInline))
  return lines.join('\n')
}

/** Why an expectation that something is not so failed. */
export function presentText(target: Target, expectation: Expectation, { matching }: Found): string {
  return [`Did not expect ${wanted(target, expectation)}, but it is:`, ...listed(matching, target)].join('\n')
}

/** Why no job waits, and what else does. */
export function nothingText(strangers: readonly EnqueuedJob[], isInline: boolean): string {
  if (isInline) return 'Nothing waits: in inline mode jobs are performed when they are enqueued.'
  const counts = new Map<string, number>()
  for (const { class: name } of strangers) counts.set(name, (counts.get(name) ?? 0) + 1)
  const others = [...counts].map(([name, count]) => `${name} ${countText(count)}`).join(', ')
  return others ? `Nothing of it waits; of others: ${others}.` : 'Nothing waits.'
}

export const targetText = (target: Target): string => nameOf(target) ?? 'a job'

function wanted(target: Target, { args, on, in: wait, at, times }: Expectation): string {
  const parts = [`${targetText(target)} to be enqueued`]
  if (args !== undefined) parts.push(`with ${showArgs(args)}`)
  if (on !== undefined) parts.push(`on '${on}'`)
  if (wait !== undefined) parts.push(`due in ${typeof wait === 'string' ? wait : JSON.stringify(wait)}`)
  if (at !== undefined) parts.push(`due at ${at.toISOString()}`)
  if (times !== undefined) parts.push(countText(times))
  return parts.join(' ')
}

function listed(compared: readonly Compared[], target: Target): string[] {
  const lines = compared.slice(0, MOST_LINES).map((each) => {
    return `  ${lineOf(each, target)}${each.flaws.length > 0 ? ` — ${each.flaws.join('; ')}` : ''}`
  })
  const left = compared.length - lines.length
  return left > 0 ? [...lines, `  and ${left} more`] : lines
}

const countText = (count: number): string => (count === 1 ? 'once' : `${count} times`)
