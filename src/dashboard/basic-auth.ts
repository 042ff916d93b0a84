import { OptionError } from '../errors.ts'
import { describe, isRecord } from '../options.ts'
import type { Access, Authorize } from './access.ts'

/** A password, or a password and what its owner may do. Default: 'all'. */
export type Login = string | { readonly password: string; readonly access: Access }

/**
 * Makes an `authorize` that asks for a name and a password (HTTP Basic): `basicAuth({ ada: process.env.PASSWORD })`. Use
 * it over TLS only. Throws OptionError for a password that is missing or empty.
 */
export function basicAuth(logins: Readonly<Record<string, Login | undefined>>): Authorize {
  const known = new Map(Object.entries(logins).map(([name, login]) => [name, loginOf(name, login)]))
  if (known.size === 0) throw new OptionError('basicAuth() takes logins such as { ada: password }; got none.')
  return (request) => {
    const given = credentialsOf(request.headers.get('authorization'))
    const login = given && known.get(given.name)
    // A wrong name takes as long as a wrong password.
    const isRight = isSame(given?.password ?? '', login?.password ?? '\0')
    if (given && login && isRight) return { access: login.access, user: given.name }
    const headers = { 'www-authenticate': 'Basic realm="Quayside", charset="UTF-8"', 'cache-control': 'no-store' }
    return new Response('Who are you?', { status: 401, headers })
  }
}

function loginOf(name: string, login: unknown): { password: string; access: Access } {
  const { password, access } = isRecord(login) ? login : { password: login, access: 'all' }
  // Not the value: it may be half of a password.
  if (typeof password === 'string' && password !== '') return { password, access: access as Access }
  throw new OptionError(`basicAuth(): the password of ${describe(name)} must be a string that is not empty.`)
}

function credentialsOf(header: string | null): { name: string; password: string } | undefined {
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]{1,2000})$/i.exec(header ?? '') ?? []
  if (encoded === undefined) return undefined
  try {
    const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0))
    const [name = '', ...password] = new TextDecoder().decode(bytes).split(':')
    return { name, password: password.join(':') }
  } catch {
    return undefined
  }
}

/** Takes as long wherever the first difference is, so that nobody learns a password letter by letter. */
function isSame(given: string, right: string): boolean {
  const [a, b] = [given, right].map((text) => new TextEncoder().encode(text)) as [Uint8Array, Uint8Array]
  let difference = a.length ^ b.length
  for (let index = 0; index < a.length; index++) difference |= (a[index] as number) ^ (b[index % b.length] as number)
  return difference === 0
}
