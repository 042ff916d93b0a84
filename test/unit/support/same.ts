/** Whether two values of JSON are the same, whatever their prototypes, and -0 not being 0. */
export function same(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b)
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const names = Object.keys(a)
  const other = new Set(Object.keys(b))
  return names.length === other.size && names.every((name) => other.has(name) && same(at(a, name), at(b, name)))
}

const at = (object: object, name: string): unknown => (object as Record<string, unknown>)[name]
