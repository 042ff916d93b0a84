import { expect, test } from 'vitest'
import { languageCodes, localeOf, type MessageKey } from '../../src/dashboard/locale.ts'
import { en } from '../../src/dashboard/messages/en.ts'
import { type Language, languages, type Message } from '../../src/dashboard/messages/languages.ts'
import { harbour } from './harbour.ts'
import { visiting } from './visiting.ts'

const keys = Object.keys(en) as MessageKey[]
const others = languageCodes.filter((code) => code !== 'en')

const languageOf = (code: string) => languages[code] as Language
const formsOf = (message: Message): Readonly<Record<string, string>> =>
  typeof message === 'string' ? { other: message } : message
const holesOf = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string).sort()

/** Every form of every message, with the key of its message. */
function allForms(code: string): { key: MessageKey; category: string; text: string }[] {
  return keys.flatMap((key) =>
    Object.entries(formsOf(languageOf(code).messages[key])).map(([category, text]) => ({ key, category, text })),
  )
}

/** What may be said as in English: names, signs, and words that both languages have. */
const AS_IN_ENGLISH: Readonly<Record<string, readonly MessageKey[]>> = {
  de: [
    'pageTitle',
    'filter_class',
    'column_job',
    'column_worker',
    'column_p50',
    'column_p95',
    'column_name',
    'fact_jid',
  ],
  es: [
    'pageTitle',
    'counter_workers',
    'column_error',
    'column_listeners',
    'column_worker',
    'column_p50',
    'column_p95',
    'fact_jid',
  ],
  fr: [
    'pageTitle',
    'navLabel',
    'counter_workers',
    'column_args',
    'column_listeners',
    'column_actions',
    'column_worker',
    'column_p50',
    'column_p95',
    'args',
    'fact_jid',
    'unit_m',
  ],
  ja: ['pageTitle', 'column_p50', 'column_p95', 'fact_jid'],
  zh: ['pageTitle', 'column_p50', 'column_p95', 'fact_jid'],
  ar: ['column_p50', 'column_p95', 'fact_jid'],
}

test('there are seven languages', () => {
  expect(languageCodes).toEqual(['en', 'de', 'es', 'fr', 'ja', 'zh', 'ar'])
})

test.each(others)('%s says in its own words all but what may be as in English', (code) => {
  const equal = allForms(code).filter(({ key, text }) => Object.values(formsOf(en[key])).includes(text))
  expect([...new Set(equal.map(({ key }) => key))].sort()).toEqual([...(AS_IN_ENGLISH[code] ?? [])].sort())
})

test.each(languageCodes)('%s has a form for each of its plurals', (code) => {
  const categories = new Intl.PluralRules(code).resolvedOptions().pluralCategories
  for (const key of keys) {
    const expected = typeof en[key] === 'string' ? ['other'] : [...categories].sort()
    expect([key, ...Object.keys(formsOf(languageOf(code).messages[key])).sort()]).toEqual([key, ...expected])
  }
})

test.each(languageCodes)('%s has the same holes as English', (code) => {
  const rules = new Intl.PluralRules(code)
  // A form for one number alone, such as Arabic's two, may say the number in its words.
  const saysItsNumber = (category: string) =>
    Array.from({ length: 200 }, (_, count) => rules.select(count)).filter((each) => each === category).length === 1
  for (const { key, category, text } of allForms(code)) {
    const holes = holesOf(formsOf(en[key]).other ?? '')
    const allowed = saysItsNumber(category) ? [holes, holes.filter((name) => name !== 'count')] : [holes]
    expect(allowed, `${key}, ${category}`).toContainEqual(holesOf(text))
  }
})

test.each(languageCodes)('%s has words only: no markup, no stray spaces, nothing empty', (code) => {
  for (const { key, category, text } of allForms(code)) {
    expect(text.trim(), `${key}, ${category}`).toBe(text)
    expect(text.replace(/\{\w+\}/g, 'x'), `${key}, ${category}`).not.toMatch(/[<>{}&\n]| {2}|^$/)
  }
})

test('the number chooses the plural of the language', () => {
  const count = (code: string, numbers: readonly number[]) =>
    numbers.map((number) => localeOf(code, 'UTC').t('countJobs', { count: number }).replace(/\s/g, ' '))
  expect(count('de', [0, 1, 2])).toEqual(['0 Jobs', '1 Job', '2 Jobs'])
  expect(count('fr', [0, 2, 1_000_000])).toEqual(['0 tâche', '2 tâches', '1 000 000 de tâches'])
  expect(count('ja', [0, 1, 2])).toEqual(['0件のジョブ', '1件のジョブ', '2件のジョブ'])
  expect(count('ar', [0, 1, 2, 3, 11, 100])).toEqual([
    'لا مهام',
    'مهمة واحدة',
    'مهمتان',
    '3 مهام',
    '11 مهمة',
    '100 مهمة',
  ])
})

const PATHS = [
  '/',
  '/busy',
  '/queues',
  '/queues/cargo',
  '/retries',
  '/scheduled',
  '/dead',
  '/failures',
  '/metrics',
  '/metrics/Load',
  '/periodic',
  '/nowhere',
]

test.each(languageCodes)('pages arrive in %s, in its direction', async (code) => {
  const { see } = await harbour()
  const title = localeOf(code, 'UTC').t('nav_overview')
  for (const path of PATHS) {
    const document = await see(path, { 'accept-language': `tlh, ${code}-XX;q=0.9, en;q=0.8` })
    const root = document.documentElement
    expect([path, root.getAttribute('lang'), root.getAttribute('dir')]).toEqual([
      path,
      code,
      code === 'ar' ? 'rtl' : 'ltr',
    ])
    expect([path, document.body.textContent.match(/\{\w+\}|undefined|\[object|NaN/)]).toEqual([path, null])
    if (path !== '/nowhere') expect(document.querySelector('nav a')?.textContent).toBe(title)
  }
})

test('the menu calls each language as its speakers do', async () => {
  const document = await visiting().see('/?lang=ja')
  const options = [...document.querySelectorAll('select[name=language] option')]
  expect(options.map((option) => [option.getAttribute('lang'), option.textContent])).toEqual([
    ['en', 'English'],
    ['de', 'Deutsch'],
    ['es', 'Español'],
    ['fr', 'Français'],
    ['ja', '日本語'],
    ['zh', '简体中文'],
    ['ar', 'العربية'],
  ])
  expect(options.find((option) => option.hasAttribute('selected'))?.textContent).toBe('日本語')
})
