export interface Column {
  readonly title: string
  /** Numbers stand on the right. */
  readonly align?: 'right'
}

/** Rows below their titles, in columns as wide as what is in them. Lines have no spaces at their ends. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const titles = columns.map(({ title }) => title)
  const widths = columns.map((_, index) => Math.max(...[titles, ...rows].map((row) => visible(row[index] ?? ''))))
  const line = (row: readonly string[]) =>
    columns
      .map(({ align }, index) => pad(row[index] ?? '', widths[index] ?? 0, align))
      .join('  ')
      .trimEnd()
  return [titles, ...rows].map(line).join('\n')
}

function pad(text: string, width: number, align: Column['align']): string {
  const space = ' '.repeat(width - visible(text))
  return align === 'right' ? space + text : text + space
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what styles a text begins with the escape character
const STYLES = /\x1b\[[\d;]*m/g

/** How wide a text is on the screen: styles take no room. */
const visible = (text: string): number => text.replace(STYLES, '').length
