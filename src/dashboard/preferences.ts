import { type Locale, localeOf, spoken } from './locale.ts'
import type { Theme } from './visit.ts'

/** The cookies of the reader's choices. */
export const COOKIES = { language: 'quayside_language', theme: 'quayside_theme', zone: 'quayside_zone' } as const

/** How the reader likes to see pages. */
export interface Preferences {
  readonly locale: Locale
  readonly theme: Theme
  /** What the address says stays in all addresses: where there are no cookies (a service worker) it must. */
  readonly sticky: Readonly<Record<string, string | undefined>>
}

/** By the address, else by cookies, else by what the browser asks for. */
export function preferencesOf(request: Request, parameters: URLSearchParams, otherwise: string): Preferences {
  const cookies = cookiesOf(request)
  const asked = spoken([parameters.get('lang') ?? ''])
  const accepted = (request.headers.get('accept-language') ?? '').slice(0, 500).split(',')
  const language = asked ?? spoken([cookies.get(COOKIES.language) ?? '', ...accepted]) ?? otherwise
  const askedTheme = themeOf(parameters.get('theme'))
  return {
    locale: localeOf(language, zoneOf(cookies.get(COOKIES.zone))),
    theme: askedTheme ?? themeOf(cookies.get(COOKIES.theme)) ?? 'auto',
    sticky: { lang: asked, theme: askedTheme },
  }
}

const themeOf = (value: string | null | undefined): Theme | undefined =>
  value === 'light' || value === 'dark' || value === 'auto' ? value : undefined

/** The script writes the reader's zone into a cookie; until then times are in UTC. */
function zoneOf(value: string | undefined): string {
  if (value === undefined || !/^[\w+/-]{1,64}$/.test(value)) return 'UTC'
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone
  } catch {
    return 'UTC'
  }
}

function cookiesOf(request: Request): ReadonlyMap<string, string> {
  const pairs = (request.headers.get('cookie') ?? '').split(';').map((pair): [string, string] => {
    const [name = '', value = ''] = pair.trim().split('=')
    return [name, value.replaceAll('%2F', '/')]
  })
  return new Map(pairs)
}
