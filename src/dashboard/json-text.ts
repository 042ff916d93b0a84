/** A step from a value to one in it: the name of a member, or the index of an item. */
type Path = readonly (string | number)[]

export interface PrintOptions {
  /** Whether a value is hidden. */
  readonly hides: (path: Path) => boolean
  /** What stands for a hidden value. */
  readonly mark: string
  /** One value a line, or all in one line. */
  readonly layout: 'lines' | 'line'
  /** No more characters than about this. */
  readonly longest: number
}

export interface Printed {
  readonly text: string
  /** Whether something was hidden. */
  readonly isRedacted: boolean
  /** Whether the end is missing. */
  readonly isCut: boolean
}

/** An array or object that is being printed. */
interface Frame {
  readonly closing: ']' | '}'
  /** The name or the index of its value at hand. */
  key: string | number
  count: number
}

const TOKEN = /\s*("[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+)/y

/**
 * Prints JSON that is known to be sound, token by token: numbers of any size stay as they are written, which JSON.parse
 * would round. Not recursive, so that text nested without end harms nothing.
 */
export function printJson(json: string, { hides, mark, layout, longest }: PrintOptions): Printed {
  const frames: Frame[] = []
  let text = ''
  let isRedacted = false
  let at = 0
  const nextToken = (): string | undefined => {
    TOKEN.lastIndex = at
    const token = TOKEN.exec(json)?.[1]
    if (token !== undefined) at = TOKEN.lastIndex
    return token
  }
  const newLine = () => {
    text += layout === 'lines' ? `\n${'  '.repeat(Math.min(frames.length, MOST_INDENTED))}` : ''
  }
  const skipValue = (first: string) => {
    let depth = 0
    for (let token: string | undefined = first; token !== undefined; token = nextToken()) {
      if (token === '{' || token === '[') depth++
      if (token === '}' || token === ']') depth--
      if (depth === 0) return
    }
  }

  for (let token = nextToken(); token !== undefined; token = nextToken()) {
    if (text.length > longest) return { text: `${text.slice(0, longest)}…`, isRedacted, isCut: true }
    const frame = frames.at(-1)
    if (frame && token === frame.closing) {
      frames.pop()
      if (frame.count > 0) newLine()
      text += token
      continue
    }
    if (token === ',') {
      text += layout === 'lines' ? ',' : ', '
      continue
    }
    if (frame) {
      if (frame.closing === '}') {
        newLine()
        frame.key = JSON.parse(token) as string
        text += `${token}: `
        nextToken() // the colon
        token = nextToken() ?? ''
      } else {
        newLine()
        frame.key = frame.count
      }
      frame.count++
    }
    if (frames.length > 0 && hides(frames.map(({ key }) => key))) {
      isRedacted = true
      skipValue(token)
      text += mark
    } else if (token === '[' || token === '{') {
      text += token
      frames.push({ closing: token === '[' ? ']' : '}', key: 0, count: 0 })
    } else {
      text += token
    }
  }
  return { text, isRedacted, isCut: false }
}

/** Deeper levels share this indentation: spaces alone would fill the page. */
const MOST_INDENTED = 20
