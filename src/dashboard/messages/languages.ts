import { en } from './en.ts'

/** A sentence with holes, or its forms by the plural rules of its language. */
export type Message = string | (Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string })

/** What another language says: for each message of the English one a form of its own, with the same holes. */
type Messages = Readonly<Record<keyof typeof en, Message>>

export interface Language {
  /** As its speakers call it. */
  readonly name: string
  readonly dir: 'ltr' | 'rtl'
  readonly messages: Messages
}

/** All languages are imported at once: a service worker cannot import later. */
export const languages: Readonly<Record<string, Language>> = {
  en: { name: 'English', dir: 'ltr', messages: en },
}
