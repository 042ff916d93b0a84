import type { PageWord } from '../../parts/page-words.ts'

/** What the script says, in the reader's language: it came with the page. */
export interface Words {
  readonly language: string
  say(key: PageWord, values?: Readonly<Record<string, string | number>>): string
  number(value: number): string
}

type Message = string | Readonly<Record<string, string>>

export function wordsIn(root: ParentNode): Words {
  const language = root.querySelector('html')?.lang || 'en'
  const given = root.querySelector('body')?.dataset.words
  const messages = JSON.parse(given || '{}') as Readonly<Record<string, Message>>
  const plurals = new Intl.PluralRules(language)
  const numbers = new Intl.NumberFormat(language)
  const number = (value: number) => numbers.format(value)
  return {
    language,
    number,
    say(key, values = {}) {
      const message = messages[key] ?? ''
      const { count } = values
      const form = typeof count === 'number' ? plurals.select(count) : 'other'
      const text = typeof message === 'string' ? message : (message[form] ?? message.other ?? '')
      return text.replace(/\{(\w+)\}/g, (_, name: string) => {
        const value = values[name]
        return typeof value === 'number' ? number(value) : String(value ?? '')
      })
    },
  }
}
