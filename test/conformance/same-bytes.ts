/** Looking at texts without parsing them, because parsing is what would change them. */
const FIELD = /"enqueued_at"\s*:\s*([\d.]+)/g

/** The instant that a proper payload names. */
export const enqueuedAt = (text: string): number => JSON.parse(text).enqueued_at

/** True when `changed` is `text`, but for an `enqueued_at` that was added or replaced, wherever it stands. */
export function differsOnlyInEnqueuedAt(changed: string, text: string): boolean {
  if (changed === text) return true
  return fields(changed).some(({ start, end }) => {
    const [before, after] = [changed.slice(0, start), changed.slice(end)]
    return without(before, after).includes(text) || fields(text).some((old) => before + old.text + after === text)
  })
}

const fields = (text: string): { start: number; end: number; text: string }[] =>
  Array.from(text.matchAll(FIELD), (found) => ({
    start: found.index,
    end: found.index + found[0].length,
    text: found[0],
  }))

/** What is left when a field goes, with the comma on either side of it. */
function without(before: string, after: string): string[] {
  return [before + after, before.replace(/,\s*$/, '') + after, before + after.replace(/^\s*,/, '')]
}
