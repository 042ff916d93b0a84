import { describe, expect, test } from 'vitest'
import { PERMISSIONS } from '../../src/dashboard/access.ts'
import { type Access, basicAuth, dashboard } from '../../src/dashboard/index.ts'
import { routes } from '../../src/dashboard/routes.ts'
import { pier } from '../engine/support/pier.ts'
import { visiting } from './visiting.ts'

/** An address of a route, with something for each part. */
const addressOf = (path: string): string => path.replace(':id', 'a'.repeat(24)).replace(/:\w+/g, 'x')

const unsafe = routes.filter(({ method }) => method === 'POST')

/** The statuses of all routes for somebody who has this access. */
async function walk(access: Access, readOnly = false) {
  const { get, post } = visiting({ authorize: () => access, readOnly })
  const found: [string, number][] = []
  for (const { method, path } of routes) {
    const answer = await (method === 'GET' ? get : post)(addressOf(path))
    found.push([`${method} ${path}`, answer.status])
  }
  return new Map(found)
}

describe('who may do what', () => {
  test('every route that changes something is a POST with a permission', () => {
    for (const { path, may } of unsafe) {
      expect([path, may]).toEqual([path, path === '/preferences' ? 'look' : expect.toBeOneOf([...PERMISSIONS])])
    }
    for (const { method, may } of routes) if (method === 'GET') expect(['look', 'anyone']).toContain(may)
  })

  test('nobody gets in who is refused, but to the stylesheet', async () => {
    for (const [name, status] of await walk(false))
      expect([name, status]).toEqual([name, name.includes('/assets/') ? 404 : 403])
  })

  test.each([
    ['read-only', false],
    ['all', true],
    [[], false],
  ] as const)('%j with readOnly %j may look, and change nothing', async (access, readOnly) => {
    const statuses = await walk(access, readOnly)
    for (const { method, path } of routes) {
      const status = statuses.get(`${method} ${path}`)
      if (method === 'POST' && path !== '/preferences') expect([path, status]).toEqual([path, 403])
      else expect([path, status]).not.toEqual([path, 403])
    }
  })

  test.each(PERMISSIONS)('%s opens its own routes and no other', async (permission) => {
    const statuses = await walk([permission])
    for (const { path, may } of unsafe) {
      if (path === '/preferences') continue
      const isOpen = statuses.get(`POST ${path}`) !== 403
      expect([path, isOpen]).toEqual([path, may === permission])
    }
  })

  test('buttons are shown to those who may press them', async () => {
    const { see, job } = visiting({ authorize: () => 'read-only' })
    await job('Work').performAsync()
    for (const path of ['/queues', '/queues/default', '/busy']) {
      const buttons = [...(await see(path)).querySelectorAll('main form[method=post] button')]
      expect([path, buttons.length]).toEqual([path, 0])
    }
  })

  test('an answer of authorize that is none is a mistake, and closes the door', async () => {
    for (const answer of [true, 'admin', undefined, ['root'], { user: 'x' }]) {
      const { get } = visiting({ authorize: () => answer as never })
      expect((await get('/')).status).toBe(500)
    }
    const { get } = visiting({ authorize: () => Promise.reject(new Error('the session store is away')) })
    const refused = await get('/')
    expect(refused.status).toBe(500)
    expect(await refused.text()).not.toContain('session store')
  })

  test('authorize may answer itself', async () => {
    const { get } = visiting({ authorize: () => Response.redirect('https://login.example/') })
    expect((await get('/dead')).headers.get('location')).toBe('https://login.example/')
  })
})

describe('without authorize', () => {
  const ask = (url: string, remoteAddress: string | undefined, headers: Record<string, string> = {}) =>
    dashboard(pier().app)(new Request(url, { headers }), { remoteAddress })

  test.each([
    ['http://localhost:3000/', '127.0.0.1'],
    ['http://127.0.0.1/', '127.0.0.1'],
    ['http://[::1]:3000/', '::1'],
    ['http://quayside.localhost/', '::ffff:127.0.0.1'],
  ])('%s from %s is let in', async (url, remote) => {
    expect((await ask(url, remote)).status).toBe(200)
  })

  test.each([
    ['nobody knows from where', 'http://localhost/', undefined, {}],
    ['from elsewhere', 'http://localhost/', '10.0.0.7', {}],
    ['from elsewhere', 'http://localhost/', '::ffff:10.0.0.7', {}],
    ['DNS rebinding', 'http://evil.example/', '127.0.0.1', {}],
    ['DNS rebinding', 'http://localhost/', '127.0.0.1', { host: 'evil.example' }],
    ['DNS rebinding', 'http://localhost.evil.example/', '127.0.0.1', {}],
    ['a proxy', 'http://localhost/', '127.0.0.1', { 'x-forwarded-for': '8.8.8.8' }],
    ['a proxy', 'http://localhost/', '127.0.0.1', { forwarded: 'for=8.8.8.8' }],
  ])('%s is refused: %s', async (_, url, remote, headers) => {
    const answer = await ask(url, remote, headers as Record<string, string>)
    expect(answer.status).toBe(403)
    const text = await answer.text()
    expect(text).toContain('authorize: basicAuth')
    expect(text).not.toContain('data-live=')
  })
})

describe('basicAuth', () => {
  const authorize = basicAuth({ ada: 'Päss:wörd', bob: { password: 'b', access: 'read-only' } })
  const login = (name: string, password: string) => {
    const bytes = new TextEncoder().encode(`${name}:${password}`)
    return authorize(
      new Request('http://x/', { headers: { authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` } }),
    )
  }

  test('lets in who knows the password', async () => {
    expect(await login('ada', 'Päss:wörd')).toEqual({ access: 'all', user: 'ada' })
    expect(await login('bob', 'b')).toEqual({ access: 'read-only', user: 'bob' })
  })

  test.each([
    ['ada', ''],
    ['ada', 'Päss:wör'],
    ['ada', 'Päss:wörd!'],
    ['ada', 'b'],
    ['eve', 'b'],
    ['eve', ''],
    ['eve', '\0'],
    ['__proto__', ''],
  ])('asks %s with %j again', async (name, password) => {
    const answer = (await login(name, password)) as Response
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
      401,
      'Basic realm="Quayside", charset="UTF-8"',
    ])
  })

  test('asks who says nothing, or nonsense', async () => {
    for (const header of ['', 'Basic', 'Basic ???', 'Bearer x', `Basic ${'A'.repeat(3_000)}`]) {
      const answer = await authorize(new Request('http://x/', { headers: { authorization: header } }))
      expect((answer as Response).status).toBe(401)
    }
  })

  test('needs a password, and never tells one', () => {
    for (const logins of [{}, { ada: '' }, { ada: undefined }, { ada: 7 as never }]) {
      expect(() => basicAuth(logins)).toThrow(/^basicAuth\(\)/)
    }
    expect(() => basicAuth({ ada: { password: '', access: 'all' }, bob: 'secret' })).toThrow(/^(?!.*secret)/)
  })
})
