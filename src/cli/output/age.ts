const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const

/** A length of time in its largest unit, whole: `3d`, `12m`, `0s`. */
export function age(ms: number): string {
  const [unit, size] = UNITS.find(([, size]) => ms >= size) ?? ['s', 1_000]
  return `${Math.max(0, Math.floor(ms / size))}${unit}`
}

/** When something was, or will be, seen from now: `3m ago`, `in 2h`. */
export function relative(at: Date, now: number = Date.now()): string {
  const ms = at.getTime() - now
  return ms > 0 ? `in ${age(ms)}` : `${age(-ms)} ago`
}
