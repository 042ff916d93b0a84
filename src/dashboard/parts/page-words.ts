import type { en } from '../messages/en.ts'
import { languages, type Message } from '../messages/languages.ts'

/** A message that the script of a page says. */
export type PageWord = Extract<keyof typeof en, `page_${string}`>

/** All that the script says, in one language, as JSON: pages bring it along, and the script is the same for all. */
export function pageWords(code: string): string {
  const messages: Readonly<Record<string, Message>> = languages[code]?.messages ?? {}
  return JSON.stringify(Object.fromEntries(Object.entries(messages).filter(([key]) => key.startsWith('page_'))))
}
