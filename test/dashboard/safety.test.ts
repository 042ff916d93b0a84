import { describe, expect, test } from 'vitest'
import { dashboard } from '../../src/dashboard/index.ts'
import { routes } from '../../src/dashboard/routes.ts'
import { pier } from '../engine/support/pier.ts'
import { visiting } from './visiting.ts'

const address = (path: string) => path.replace(':id', 'a'.repeat(24)).replace(/:\w+/g, 'x')

test('every answer forbids what is not ours, and is not kept', async () => {
  const { get, post } = visiting()
  for (const { method, path } of routes) {
    const { headers } = await (method === 'GET' ? get : post)(address(path))
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; .*frame-ancestors 'none'$/)
    expect(headers.get('content-security-policy')).not.toMatch(/unsafe|\*/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('cache-control')).toBe('no-store')
  }
})

test('assets may be kept for ever, and their address changes with them', async () => {
  const { get, see } = visiting()
  const document = await see('/')
  const found = [...document.querySelectorAll('link[href], script[src]')]
  expect(found).toHaveLength(3)
  for (const element of found) {
    const path = element.getAttribute('href') ?? (element.getAttribute('src') as string)
    const answer = await get(path)
    expect([path, answer.status, answer.headers.get('cache-control')]).toEqual([
      path,
      200,
      'public, max-age=31536000, immutable',
    ])
    const older = await get(path.replace(/assets\/\w+/, 'assets/0'))
    expect(older.headers.get('cache-control')).toBe('no-store')
  }
  for (const name of ['__proto__', 'constructor', 'secret.txt'])
    expect((await get(`/assets/0/${name}`)).status).toBe(404)
})

describe('a request that changes something', () => {
  const unsafe = routes.filter(({ method }) => method === 'POST').map(({ path }) => path)
  const none = { 'sec-fetch-site': '' }

  test.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another subdomain', { 'sec-fetch-site': 'same-site' }],
    ['nowhere', { 'sec-fetch-site': 'none' }],
    ['another site, whatever Origin says', { 'sec-fetch-site': 'cross-site', origin: 'http://localhost:3000' }],
    ['another origin', { ...none, origin: 'https://evil.example' }],
    ['another port', { ...none, origin: 'http://localhost:4000' }],
    ['a sandbox', { ...none, origin: 'null' }],
    ['who does not say', none],
  ])('is refused from %s', async (_, headers) => {
    const { handler, app, job } = visiting()
    await job('Work', { queue: 'x' }).performAsync()
    for (const path of unsafe) {
      const made = new Headers(Object.entries(headers).filter(([, value]) => value !== ''))
      const answer = await handler(
        new Request(`http://localhost:3000${address(path)}`, {
          method: 'POST',
          headers: made,
          body: new URLSearchParams('sure=yes&scope=all'),
        }),
      )
      expect([path, answer.status]).toEqual([path, 403])
    }
    expect(await app.queue('x').size()).toBe(1)
  })

  test.each([
    ['a page of ours', { 'sec-fetch-site': 'same-origin' }, {}],
    ['an old browser, with our Origin', { origin: 'http://localhost:3000' }, {}],
    ['a browser behind a proxy', { origin: 'https://jobs.example' }, { origins: ['https://jobs.example'] }],
  ])('is taken from %s', async (_, headers, options) => {
    const { handler } = visiting(options)
    const body = new URLSearchParams()
    const answer = await handler(
      new Request('http://localhost:3000/queues/x/pause', { method: 'POST', headers: headers as never, body }),
    )
    expect(answer.status).toBe(303)
  })

  test('is taken from a script of the same origin, where no header tells', async () => {
    const { handler } = visiting()
    const url = 'http://localhost:3000/queues/x/pause'
    const answer = await handler(new Request(url, { method: 'POST', mode: 'same-origin', body: new URLSearchParams() }))
    expect(answer.status).toBe(303)
  })

  test('is never a GET', async () => {
    const { get } = visiting()
    for (const path of unsafe) expect([path, (await get(address(path))).status]).toEqual([path, 405])
    expect((await get('/queues/x/pause')).headers.get('allow')).toBe('POST')
  })

  test('is a short form, or nothing', async () => {
    const { post } = visiting()
    expect((await post('/queues/x/pause', { more: 'x'.repeat(300_000) })).status).toBe(413)
    for (const type of ['text/plain', 'application/json', 'multipart/form-data; boundary=x', '']) {
      expect((await post('/queues/x/pause', {}, { 'content-type': type })).status).toBe(413)
    }
  })
})

test('other methods are refused, and HEAD has no body', async () => {
  const { handler } = visiting()
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    const answer = await handler(new Request('http://localhost/queues', { method }))
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  }
  const head = await handler(new Request('http://localhost/queues', { method: 'HEAD' }))
  expect([head.status, await head.text()]).toEqual([200, ''])
})

test.each([
  '/retries?page=0',
  '/retries?page=-1',
  '/retries?page=1e9',
  '/retries?page=99999999999999999999',
  '/retries?page=NaN',
  '/retries?page=1.5',
  '/?days=0',
  '/?days=181',
  '/metrics?minutes=481',
  '/busy?page=%00',
  `/dead?q=${'x'.repeat(201)}`,
  `/dead?from=${'x'.repeat(2_000)}`,
])('%s is out of bounds', async (path) => {
  const { get } = visiting()
  const answer = await get(path)
  expect(answer.status).toBe(400)
  expect(await answer.text()).toContain('must be:')
})

test.each([
  '/nothing',
  '/queues/a%2Fb',
  '/queues/%ff',
  '/queues/__proto__/x',
  '/__proto__',
  '//evil.example/',
  '/../etc',
  '/retries/',
])('%s is not there', async (path) => {
  const { get } = visiting()
  expect((await get(path)).status).toBe(404)
})

test('one goes back only to a page of ours', async () => {
  const { post } = visiting({ basePath: '/quayside' })
  for (const path of ['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '']) {
    const answer = await post('/preferences', { theme: 'dark', path })
    expect(answer.headers.get('location')).toBe('/quayside/')
  }
  const answer = await post('/preferences', { theme: 'dark', language: 'en', path: '/dead', query: 'q=a&theme=light' })
  expect(answer.headers.get('location')).toBe('/quayside/dead?q=a')
  expect(answer.headers.getSetCookie()).toEqual([
    'quayside_language=en; Path=/quayside; Max-Age=31536000; SameSite=Lax',
    'quayside_theme=dark; Path=/quayside; Max-Age=31536000; SameSite=Lax',
  ])
})

test('all addresses are below the base, also behind a proxy that cuts it off', async () => {
  const { handler } = visiting({ basePath: '/admin/quayside' })
  for (const path of ['/admin/quayside', '/admin/quayside/', '/']) {
    const text = await (await handler(new Request(`http://localhost${path}`))).text()
    const addresses = [...text.matchAll(/(?:href|src|action|data-live-from)="([^"#]+)"/g)].map(([, found]) => found)
    expect(addresses.length).toBeGreaterThan(10)
    for (const found of addresses) expect(found).toMatch(/^\/admin\/quayside\//)
  }
})

test('a storage that is away is said so, and why is in no page', async () => {
  const { get, tap } = visiting()
  tap.weather = 'down'
  const answer = await get('/')
  expect([answer.status, (await answer.text()).includes('The storage is away')]).toEqual([503, true])
})

test('wrong options are told at once', () => {
  const { app } = pier()
  expect(() => dashboard(app, { basepath: '/x' } as never)).toThrow('did you mean "basePath"?')
  expect(() => dashboard(app, { basePath: 'x"y' })).toThrow('basePath must be')
  expect(() => dashboard(app, { language: 'tlh' })).toThrow('language must be')
  expect(() => dashboard({} as never)).toThrow('Expected an app')
})
