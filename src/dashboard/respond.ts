import type { Html } from './html.ts'

/** Nothing may run, load or frame that is not ours; nothing is kept, guessed or passed on. */
const SAFETY: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}

type Headers = Readonly<Record<string, string>>

export function respond(body: string | null, status: number, type: string, headers: Headers = {}): Response {
  return new Response(body, { status, headers: { ...SAFETY, 'content-type': type, ...headers } })
}

export const respondHtml = (page: Html, status: number): Response =>
  respond(String(page), status, 'text/html; charset=utf-8')

export const respondJson = (value: unknown): Response =>
  respond(JSON.stringify(value), 200, 'application/json; charset=utf-8')

/** To a page of ours, by GET: loading it anew repeats nothing. */
export function redirect(address: string, cookies: readonly string[] = []): Response {
  const headers = new Headers({ ...SAFETY, location: address })
  for (const cookie of cookies) headers.append('set-cookie', cookie)
  return new Response(null, { status: 303, headers })
}
