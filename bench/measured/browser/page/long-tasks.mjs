/** The browser reports what kept the main thread for longer than 50 ms: what a user may notice as a jerk. */
export function longTasks() {
  /** @type {number[]} */
  const durations = []
  const add = (/** @type {PerformanceEntryList} */ entries) => {
    durations.push(...entries.map(({ duration }) => duration))
  }
  const observer = new PerformanceObserver((list) => add(list.getEntries()))
  observer.observe({ type: 'longtask' })
  return {
    end: () => {
      add(observer.takeRecords())
      observer.disconnect()
      return { longTasks: durations.length, longestTaskMs: Math.max(0, ...durations) }
    },
  }
}
