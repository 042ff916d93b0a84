/**
 * A text on one line of at most so many characters. What a terminal would obey (escapes, line ends) is taken out:
 * arguments and errors come from anywhere.
 */
export function fit(text: string, width: number): string {
  const line = text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
  return line.length > width ? `${line.slice(0, Math.max(0, width - 1))}…` : line
}
