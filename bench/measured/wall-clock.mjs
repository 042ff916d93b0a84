/**
 * What to add to performance.now() for the wall clock's time, which by itself shows whole milliseconds only. Each look
 * comes out too small, by what is left of the millisecond and by any delay between the two calls: the largest is right.
 */
export function wallClockOrigin() {
  let origin = 0
  for (const end = performance.now() + 50; performance.now() < end; ) {
    origin = Math.max(origin, Date.now() - performance.now())
  }
  return origin
}
