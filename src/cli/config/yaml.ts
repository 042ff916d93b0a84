import { isRecord } from '../../options.ts'
import { UsageError } from '../failure.ts'

export interface Parsed {
  readonly content: Readonly<Record<string, unknown>>
  /** The line of a key, by the keys that lead to it. */
  lineOf(path: readonly string[]): number | undefined
}

/** Parses YAML, or JSON, which is YAML as well. Throws UsageError with the line. */
export async function parseYaml(text: string, file: string): Promise<Parsed> {
  const { LineCounter, isAlias, isMap, isNode, isPair, isScalar, parseDocument } = await import('yaml')
  const counter = new LineCounter()
  // Ruby's files share sections with `<<: *default`.
  const document = parseDocument(text, { lineCounter: counter, merge: true })
  const [error] = document.errors
  if (error) throw new UsageError(`${file} cannot be read: ${error.message.split('\n')[0]?.replace(/:$/, '')}`)
  const content: unknown = document.toJS() ?? {}
  if (!isRecord(content)) throw new UsageError(`${file} must have settings by their names`)

  function lineOf(path: readonly string[]): number | undefined {
    let node: unknown = document.contents
    let line: number | undefined
    for (const key of path) {
      const target: unknown = isAlias(node) ? node.resolve(document) : node
      const pair = isMap(target)
        ? target.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key)
        : undefined
      // What stands in a shared section has no line here.
      if (!pair || !isNode(pair.key) || !pair.key.range) return line
      line = counter.linePos(pair.key.range[0]).line
      node = pair.value
    }
    return line
  }

  return { content, lineOf }
}
