/** Where a hole of a template is: between tags, inside a tag, in the value of an attribute, or of one that leads somewhere. */
export interface Spot {
  readonly in: 'content' | 'tag' | 'value' | 'address'
}

/** Where the reader is. In a tag, `tag` is its text so far; in a script or style, `raw` is which of them. */
type State =
  | { readonly in: 'content' }
  | { readonly in: 'tag'; readonly tag: string }
  | { readonly in: 'value'; readonly tag: string; readonly value: string }
  | { readonly in: 'raw'; readonly raw: string }

/** The places of the holes between the pieces of a template. Throws for one that no escaping makes safe. */
export function spotsOf(pieces: readonly string[]): Spot[] {
  let state: State = { in: 'content' }
  return pieces.slice(0, -1).map((piece) => {
    for (const character of piece) state = next(state, character)
    const spot = spotAt(state)
    // What the hole brings counts as text of where it stands.
    if (state.in === 'value') state = { ...state, value: `${state.value}x` }
    return spot
  })
}

function next(state: State, character: string): State {
  if (state.in === 'content') return character === '<' ? { in: 'tag', tag: '' } : state
  if (state.in === 'raw') return character === '<' ? { in: 'tag', tag: '' } : state
  if (state.in === 'value') {
    return character === '"' ? { in: 'tag', tag: `${state.tag}"` } : { ...state, value: state.value + character }
  }
  if (character === '"' && state.tag.endsWith('=')) return { ...state, in: 'value', value: '' }
  if (character === '"' || character === "'" || character === '<') throw flaw(state.tag, 'has a stray quote or <')
  if (character !== '>') return { in: 'tag', tag: state.tag + character }
  const raw = /^(?:script|style)\b/i.exec(state.tag)?.[0]
  return raw ? { in: 'raw', raw } : { in: 'content' }
}

const ADDRESSES = ['href', 'src', 'action', 'formaction']

function spotAt(state: State): Spot {
  if (state.in === 'content') return { in: 'content' }
  if (state.in === 'raw') throw flaw(state.raw, 'has no holes: give it data by an attribute')
  if (!/^[a-z]/i.test(state.tag)) throw flaw(state.tag, 'cannot have a hole')
  if (state.in === 'tag') {
    if (!/\s$/.test(state.tag)) throw flaw(state.tag, 'needs quotes or a space before its hole')
    return { in: 'tag' }
  }
  const name = /([\w-]+)=$/.exec(state.tag)?.[1] ?? ''
  if (name === '' || /^(?:on.*|style|srcdoc)$/i.test(name))
    throw flaw(state.tag, 'has an attribute that takes no holes')
  return { in: ADDRESSES.includes(name) && state.value === '' ? 'address' : 'value' }
}

const flaw = (tag: string, what: string): Error => new Error(`The tag <${tag} of a template ${what}.`)
