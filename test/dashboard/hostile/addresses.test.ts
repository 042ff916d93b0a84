import { expect, test } from 'vitest'
import { html } from '../../../src/dashboard/html.ts'
import { visiting } from '../visiting.ts'

/** Browsers drop tabs and line feeds from an address, and read a backslash as a slash. */
const ELSEWHERE = ['//elsewhere.example', '/\\elsewhere.example', '/\t/elsewhere.example', '/\r\n/elsewhere.example']

test.each([...ELSEWHERE, '/..//elsewhere.example', '/ü\r\nset-cookie: elsewhere=1'])(
  'nobody is led elsewhere, and no head is split, by %j',
  async (path) => {
    const { post } = visiting()
    const answer = await post('/preferences', { path })
    const to = answer.headers.get('location') ?? ''
    const { origin, pathname } = new URL(to, 'http://localhost:3000')
    expect([answer.status, origin]).toEqual([303, 'http://localhost:3000'])
    expect(pathname).not.toMatch(/^\/\//)
    expect(answer.headers.getSetCookie()).toEqual([])
  },
)

test.each([...ELSEWHERE, '/\n\\elsewhere.example', '\u0001javascript:x'])(
  'no template takes %j for ours',
  (address) => {
    expect(() => html`<a href="${address}">x</a>`).toThrow('must be a path')
  },
)
