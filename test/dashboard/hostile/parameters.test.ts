import { expect, test } from 'vitest'
import type { Route } from '../../../src/dashboard/route.ts'
import { routes } from '../../../src/dashboard/routes.ts'
import { harbour } from '../harbour.ts'
import { visiting } from '../visiting.ts'
import { beyond, countReads } from './reads.ts'

/** What a number, range, cursor, key or name should not be, and may be given to every one of them. */
const VALUES: readonly string[] = [
  ...['', ' ', '0', '-0', '-1', '1.5', '1e3', '1e400', '0x10', '1_000', '+1', ' 1', '٣', '１', '1\n', '1;2', '1,2'],
  ...['NaN', 'Infinity', '-Infinity', 'null', 'undefined', 'true', '[1]', '{"a":1}', '[object Object]'],
  ...['999999999999999', '9007199254740993', '99999999999999999999', '-9223372036854775808', '9'.repeat(2_000)],
  ...[
    '%',
    '%00',
    '%31',
    '%ff',
    '%u0031',
    '..',
    '../..',
    '/',
    '/ü',
    '\\',
    '\0',
    '\r\nx: y',
    '/\r\nx: y',
    '\u2028',
    '😀',
  ],
  ...['__proto__', 'constructor', 'toString', '*', '?', '(a+)+$', `${'a'.repeat(5_000)}!`, "' OR 1=1--"],
  ...['a'.repeat(13), 'f'.repeat(24), '0:0', 'MA==', '{"cursor":0}'],
]

/** The name in other shapes. */
const SHAPES: readonly ((name: string) => string)[] = [
  (name) => `${name}=1&${name}=2`,
  (name) => `${name}[]=1&${name}[0]=1&${name}[__proto__]=1`,
  (name) => name,
  (name) => `${name}=%31`,
  (name) => `${name}=%2531`,
  (name) => `${name}=%`,
  (name) => `${name}=%ff%fe`,
  (name) => `${name}=1&`.repeat(1_500),
]

/** A page is no longer than this, and what came in its address. */
const MOST_LENGTH = 100_000

/** What makes the rest of a request sound, so that the one parameter is what decides. */
const soundOf = ({ path }: Route): Readonly<Record<string, string>> => ({
  name: 'mail',
  id: path.includes(':id') ? 'a'.repeat(24) : '1f',
  job: path.includes(':job') ? 'Load' : '1f',
  ...{ hash: '0', signal: 'quiet', worker: 'nobody', jid: 'none', amount: '1', unit: 'h', sure: 'yes' },
})

const questions = routes.flatMap((route) => Object.keys(route.takes).map((name) => ({ route, name })))

/** The whole of a request: its path, and its query or form. */
function asked(route: Route, name: string, value: { text: string } | { query: string }): [string, string] {
  const sound = soundOf(route)
  const partOf = (part: string) => {
    const text = part === name && 'text' in value ? value.text : (sound[part] ?? '')
    return encodeURIComponent(text)
  }
  const rest = Object.entries(sound).filter(([each]) => each !== name)
  const one = 'text' in value ? String(new URLSearchParams({ [name]: value.text })) : value.query
  return [route.path.replace(/:(\w+)/g, (_, part) => partOf(part)), `${one}&${new URLSearchParams(rest)}`]
}

test.each(['GET', 'POST'] as const)('no parameter of a %s makes it fail, or read without end', async (method) => {
  const { handler, tap } = await harbour()
  const reads = countReads(tap)
  const given = [...VALUES.map((text) => ({ text })), ...SHAPES.map((shape) => ({ shape }))]
  for (const { route, name } of questions.filter((each) => each.route.method === method)) {
    for (const each of given) {
      const value = 'shape' in each ? { query: each.shape(name) } : each
      const [path, text] = asked(route, name, value)
      const answer = await handler(requestOf(method, path, text))
      const { length } = await answer.text()
      const what = [route.path, name, value]
      expect([...what, answer.status]).toEqual([...what, expect.toBeOneOf([200, 303, 400, 404, 413, 422])])
      expect([...what, length < MOST_LENGTH + 6 * text.length]).toEqual([...what, true])
      expect([...what, beyond(reads.take())]).toEqual([...what, []])
    }
  }
})

test('what is sound by itself is answered, so that each parameter was judged', async () => {
  const { handler } = await harbour()
  for (const route of routes.filter(({ path }) => !path.includes(':hash'))) {
    const [path, text] = asked(route, '', { query: '' })
    const answer = await handler(requestOf(route.method, path, text))
    expect([route.path, answer.status]).toEqual([route.path, expect.toBeOneOf([200, 303, 404])])
  }
})

test('a megabyte for every parameter of a route is answered shortly', async () => {
  const { handler, tap } = await harbour()
  const reads = countReads(tap)
  for (const route of routes.filter(({ takes }) => Object.keys(takes).length > 0)) {
    for (const letter of ['9', 'x']) {
      const text = new URLSearchParams({
        ...soundOf(route),
        [Object.keys(route.takes)[0] as string]: letter.repeat(2 ** 20),
      })
      const path = route.path.replace(/:(\w+)/g, letter.repeat(2 ** 20))
      const answer = await handler(requestOf(route.method, path, String(text)))
      const { length } = await answer.text()
      expect([route.path, answer.status, length < MOST_LENGTH]).toEqual([
        route.path,
        expect.toBeOneOf([400, 404, 413]),
        true,
      ])
      expect([route.path, beyond(reads.take())]).toEqual([route.path, []])
    }
  }
})

test.each([
  ['GET', '/scheduled', 'page=1000000000'],
  ['GET', '/scheduled', 'q=nothing'],
  ['GET', '/scheduled', 'tag=<>&from=0'],
  ['GET', '/scheduled/job', 'id=0&jid=nothing&page=1000000000'],
  ['POST', '/scheduled/delete', 'scope=all&q=nothing'],
  ['POST', '/scheduled/delete', 'job=1f&sure=yes&page=1000000000'],
  ['POST', '/scheduled/copy', 'id=0&jid=nothing'],
  ['GET', '/queues', 'page=1000000'],
  ['GET', '/busy', 'page=1000000'],
  ['GET', '/', 'days=180'],
  ['GET', '/metrics', 'minutes=480'],
])('%s %s?%s reads a bounded part of many, and says little', async (method, path, text) => {
  const { handler, inner, tap } = visiting()
  const storage = await inner()
  const job = { class: 'Work', args: [], queue: 'default' }
  const entries = Array.from({ length: 12_000 }, (_, index) => {
    return { jid: `a${index}`, queue: 'default', text: JSON.stringify({ ...job, jid: `a${index}` }), delayMs: 60_000 }
  })
  await storage.push(entries, { client: 'test', number: 1 })
  const reads = countReads(tap)
  const answer = await handler(requestOf(method, path, text))
  expect(answer.status).toBeOneOf([200, 303, 404])
  expect((await answer.text()).length).toBeLessThan(MOST_LENGTH)
  expect(beyond(reads.take())).toEqual([])
})

function requestOf(method: string, path: string, text: string): Request {
  const url = `http://localhost:3000${path}`
  if (method === 'GET') return new Request(`${url}?${text}`)
  const headers = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' }
  return new Request(url, { method, headers, body: text })
}
