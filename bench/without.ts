import type { Case, Target } from './suite.ts'

/** A case without some of its variants. */
export function without(each: Case, missing: readonly string[]): Case {
  const targets = (each.targets ?? []).flatMap((target) => targetWithout(target, missing))
  const variants = Object.entries(each.variants).filter(([name]) => !missing.includes(name))
  return { ...each, variants: Object.fromEntries(variants), targets }
}

/** None when what it speaks of is missing. */
function targetWithout(target: Target, missing: readonly string[]): Target[] {
  if (missing.includes(target.variant)) return []
  if (target.per === undefined) return [target]
  const per = [target.per].flat().filter((name) => !missing.includes(name))
  return per.length > 0 ? [{ ...target, per }] : []
}
