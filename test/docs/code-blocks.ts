/**
 * The TypeScript of a Markdown file, block by block. A word after `ts` or `tsx` on the fence says more:
 *
 * - `continue`: the block goes on where the one before it ended, and they make one program.
 * - `no-run`: it must compile, but is not run (nor is what continues it).
 *
 * A block fenced as `text output` is what the program before it prints; `…` stands for anything within a line.
 */
export interface CodeBlock {
  /** Where the code begins, as an editor understands it: README.md:12 */
  name: string
  /** `tsx` where there is JSX in it. */
  language: 'ts' | 'tsx'
  /** The whole program, on the same lines as in the Markdown, so that the lines in messages are right. */
  code: string
  run: boolean
  output: string | undefined
}

interface Fence {
  words: string[]
  line: number
  lines: string[]
}

export function codeBlocks(file: string, markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = []
  for (const { words, line, lines } of fences(markdown)) {
    const [language, ...marks] = words
    const before = blocks.at(-1)
    if (language === 'text' && marks.includes('output')) {
      if (!before) throw new Error(`${file}:${line}: this output has no program before it`)
      before.output = joined(before.output, lines.join('\n').trimEnd())
    } else if (language === 'ts' || language === 'tsx') {
      const continued = marks.includes('continue') ? before : undefined
      if (marks.includes('continue') && !continued) throw new Error(`${file}:${line}: there is nothing to continue`)
      blocks.push({
        name: `${file}:${line}`,
        language,
        code: padded(continued?.code, line) + lines.join('\n'),
        run: !marks.includes('no-run') && continued?.run !== false,
        output: continued?.output,
      })
    }
  }
  return blocks
}

function fences(markdown: string): Fence[] {
  const found: Fence[] = []
  let open: Fence | undefined
  for (const [index, text] of markdown.split('\n').entries()) {
    const mark = text.match(/^\s*```(.*)$/)
    if (mark && open) {
      found.push(open)
      open = undefined
    } else if (mark) {
      open = { words: mark[1]!.trim().split(/\s+/), line: index + 2, lines: [] }
    } else {
      open?.lines.push(text)
    }
  }
  return found
}

function padded(code: string | undefined, line: number): string {
  const lines = code?.split('\n').length ?? 1
  return (code ?? '') + '\n'.repeat(line - lines)
}

function joined(before: string | undefined, output: string): string {
  return before === undefined ? output : `${before}\n${output}`
}
