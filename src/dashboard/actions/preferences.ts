import { languageCodes } from '../locale.ts'
import { choice, text } from '../parameters.ts'
import { COOKIES } from '../preferences.ts'
import { redirect } from '../respond.ts'
import { type Route, route } from '../route.ts'

const YEAR_S = 31_536_000

/** Keeps a choice of language or theme in a cookie. It is the reader's own affair: whoever may look may choose. */
export const setPreferences: Route = route({
  method: 'POST',
  path: '/preferences',
  may: 'look',
  takes: {
    language: choice('', ...languageCodes),
    theme: choice('', 'auto', 'light', 'dark'),
    /** The path below the base to go back to, and its parameters. */
    path: text(2_000),
    query: text(4_000),
  },
  answer({ settings: { basePath } }, { language, theme, path, query }) {
    const cookieOf = (name: string, value: string) =>
      `${name}=${value}; Path=${basePath || '/'}; Max-Age=${YEAR_S}; SameSite=Lax`
    const cookies = [
      ...(language ? [cookieOf(COOKIES.language, language)] : []),
      ...(theme ? [cookieOf(COOKIES.theme, theme)] : []),
    ]
    const parameters = new URLSearchParams(query)
    // What was chosen just now holds, not what the address said before.
    if (language) parameters.delete('lang')
    if (theme) parameters.delete('theme')
    const address = `${basePath}${ownPath(path)}${parameters.size > 0 ? `?${parameters}` : ''}`
    return redirect(address, cookies)
  },
})

const NOWHERE = 'http://localhost'

/**
 * The path as a browser reads it, encoded for a header, or '/' for what leads elsewhere: browsers take `/\host` for
 * `//host`, and drop a tab or line feed between.
 */
function ownPath(path: string): string {
  if (!path.startsWith('/') || !URL.canParse(path, NOWHERE)) return '/'
  const { origin, pathname } = new URL(path, NOWHERE)
  return origin === NOWHERE && !pathname.startsWith('//') ? pathname : '/'
}
