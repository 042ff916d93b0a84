import { ar } from './ar.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'
import { ja } from './ja.ts'
import { zh } from './zh.ts'

/** A sentence with holes, or its forms by the plural rules of its language. */
export type Message = string | (Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string })

/** What another language says: for each message of the English one a form of its own, with the same holes. */
export type Messages = Readonly<Record<keyof typeof en, Message>>

export interface Language {
  /** As its speakers call it. */
  readonly name: string
  readonly dir: 'ltr' | 'rtl'
  readonly messages: Messages
}

/** All languages are imported at once: a service worker cannot import later. */
export const languages: Readonly<Record<string, Language>> = {
  en: { name: 'English', dir: 'ltr', messages: en },
  de: { name: 'Deutsch', dir: 'ltr', messages: de },
  es: { name: 'Español', dir: 'ltr', messages: es },
  fr: { name: 'Français', dir: 'ltr', messages: fr },
  ja: { name: '日本語', dir: 'ltr', messages: ja },
  zh: { name: '简体中文', dir: 'ltr', messages: zh },
  ar: { name: 'العربية', dir: 'rtl', messages: ar },
}
