import { lineOf, waitingFor } from './expectation.ts'
import { differences, showArgs } from './matching.ts'
import { nothingText, targetText } from './message.ts'
import type { Target } from './target.ts'
import type { Verdict } from './verdict.ts'
import type { Waiting } from './waiting.ts'

type Args = readonly unknown[]

/** Whether what waits of a target is these jobs and no other, in whatever order. */
export function judgeExactly(call: string, target: Target, expected: readonly Args[]): Verdict {
  const { own, strangers, isInline } = waitingFor(call, target)
  const pairs = pair(expected, own)
  const missing = expected.filter((args) => !pairs.has(args))
  const paired = new Set(pairs.values())
  const surplus = own.filter((waiting) => !paired.has(waiting))
  const passes = missing.length + surplus.length === 0
  return { passes, message: () => (passes ? sameText() : differentText()) }

  function sameText(): string {
    return `Did not expect what waits of ${targetText(target)} to be exactly ${expected.map(showArgs).join(' ')}.`
  }

  function differentText(): string {
    const lines = [`Expected what waits of ${targetText(target)} to be exactly ${expected.map(showArgs).join(' ')}.`]
    if (missing.length > 0) lines.push('Missing:', ...missing.map((args) => `  ${showArgs(args)}`))
    if (surplus.length > 0) lines.push('Not expected:', ...surplus.map((each) => `  ${lineOf(each, target)}`))
    if (own.length === 0) lines.push(nothingText(strangers, isInline))
    return lines.join('\n')
  }
}

/**
 * Gives each expectation a job of its own, as many as can be. An early one may have to take another job: `any` must not
 * take the only one that a later expectation fits.
 */
function pair(expected: readonly Args[], waiting: readonly Waiting[]): Map<Args, Waiting> {
  const takers = new Map<Waiting, Args>()
  const place = (args: Args, tried: Set<Waiting>): boolean =>
    waiting.some((each) => {
      if (tried.has(each) || differences(args, each.job.args, 'args').length > 0) return false
      tried.add(each)
      const taker = takers.get(each)
      if (taker && !place(taker, tried)) return false
      takers.set(each, args)
      return true
    })
  for (const args of expected) place(args, new Set())
  return new Map([...takers].map(([each, args]) => [args, each]))
}
