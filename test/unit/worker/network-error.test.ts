import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { NetworkUnavailableError, StorageUnavailableError } from '../../../src/errors.ts'
import { isNetworkError } from '../../../src/worker/network-error.ts'

const coded = (code: unknown, message = 'no') => Object.assign(new Error(message), { code })
const caused = (cause: unknown) => new TypeError('fetch failed', { cause })

/** Somebody listened here a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

describe('an error says that the network is away', () => {
  test.each([
    'Failed to fetch',
    'Failed to fetch (api.example.com)',
    'network error',
    'NetworkError when attempting to fetch resource.',
    'Load failed',
    'Load failed (api.example.com)',
    'The Internet connection appears to be offline.',
    'The network connection was lost.',
    'Network request failed',
  ])('as a browser throws it: %s', (message) => {
    expect(isNetworkError(new TypeError(message))).toBe(true)
  })

  test.each([
    'ENOTFOUND',
    'EAI_AGAIN',
    'ECONNREFUSED',
    'ECONNRESET',
    'ETIMEDOUT',
    'ENETDOWN',
    'ENETUNREACH',
    'EHOSTUNREACH',
    'UND_ERR_CONNECT_TIMEOUT',
    'UND_ERR_SOCKET',
    'ERR_NETWORK',
  ])('by its code: %s', (code) => {
    expect(isNetworkError(coded(code))).toBe(true)
    expect(isNetworkError(caused(coded(code)))).toBe(true)
  })

  test('as Node throws it: a name that is none, a port where nobody listens', async () => {
    const thrown = (url: string) => fetch(url).catch((error: unknown) => error)
    expect(isNetworkError(await thrown('http://quayside.invalid/'))).toBe(true)
    const port = await closedPort()
    expect(isNetworkError(await thrown(`http://127.0.0.1:${port}/`))).toBe(true)
  })

  test('when the handler says so', () => {
    expect(isNetworkError(new NetworkUnavailableError('a login page answered'))).toBe(true)
    expect(isNetworkError({ code: 'ERR_NETWORK_UNAVAILABLE' })).toBe(true)
  })

  test('when it is wrapped, and where a host has several addresses', () => {
    expect(isNetworkError(new Error('no upload', { cause: new TypeError('Failed to fetch') }))).toBe(true)
    expect(isNetworkError(new Error('a', { cause: new Error('b', { cause: caused(coded('ENOTFOUND')) }) }))).toBe(true)
    expect(isNetworkError(caused(new AggregateError([coded('ECONNREFUSED'), coded('ECONNREFUSED')])))).toBe(true)
  })

  test('from another realm, where TypeError is another class', () => {
    expect(isNetworkError({ name: 'TypeError', message: 'Failed to fetch' })).toBe(true)
  })
})

describe('an error says nothing of the network', () => {
  test.each([
    ['a TypeError of the code', new TypeError("Cannot read properties of undefined (reading 'id')")],
    ['the words of a browser in another error', new Error('Failed to fetch')],
    ['more words than those of a browser', new TypeError('Failed to fetch dynamically imported module: a.js')],
    ['an answer', new Error('500 Internal Server Error')],
    ['a wrong certificate', caused(coded('DEPTH_ZERO_SELF_SIGNED_CERT'))],
    ['an unknown scheme', caused(new Error('unknown scheme'))],
    ['Node, without a cause', new TypeError('fetch failed')],
    ['a code that is a number', coded(19)],
    ['a timeout', new DOMException('The operation timed out.', 'TimeoutError')],
    ['an abort', new DOMException('This operation was aborted', 'AbortError')],
    ['a storage that refuses', new StorageUnavailableError('the quota is used up')],
  ])('%s', (_, error) => {
    expect(isNetworkError(error)).toBe(false)
  })

  test.each([
    undefined,
    null,
    'Failed to fetch',
    7,
    {},
    { cause: null, errors: [] },
    { name: 'TypeError', message: 7 },
  ])('what is no error: %o', (thrown) => {
    expect(isNetworkError(thrown)).toBe(false)
  })

  test('causes that go round in a circle', () => {
    const one = new Error('one')
    one.cause = new Error('two', { cause: one })
    expect(isNetworkError(one)).toBe(false)
  })
})
