import { expect, test } from 'vitest'
import { scriptText } from '../../adapters/redis/connection/script-text.ts'
import { checkServer, isAtLeast, readInfo } from '../../adapters/redis/connection/server-check.ts'
import { clientsOf, connected } from './connected.ts'
import { RedisServer } from './redis-server.ts'
import { failing, until } from './until.ts'

const info = (fields: Record<string, string>) =>
  readInfo(
    Object.entries({ redis_version: '7.0.15', redis_mode: 'standalone', role: 'master', loading: '0', ...fields })
      .map(([name, value]) => `${name}:${value}`)
      .join('\r\n'),
  )

test.each([
  ['6.0.16', 6, 2, false],
  ['6.2.0', 6, 2, true],
  ['7.0.15', 6, 2, true],
  ['10.1.0', 7, 0, true],
  ['255.255.255', 7, 0, true],
])('%s is at least %i.%i: %s', (version, major, minor, expected) => {
  expect(isAtLeast(version, major, minor)).toBe(expected)
})

test('an older Redis is refused by its name', () => {
  expect(() => checkServer(info({ redis_version: '6.0.16' }), false)).toThrow(
    'needs Redis 6.2 or newer; this one is 6.0.16',
  )
})

test('a cluster asks for a hash tag', () => {
  expect(() => checkServer(info({ redis_mode: 'cluster' }), false)).toThrow("prefix: '{shop}:'")
  expect(checkServer(info({ redis_mode: 'cluster', role: 'slave' }), true)).toMatchObject({ isCluster: true })
})

test('a Sentinel is no Redis', () => {
  expect(() => checkServer(info({ redis_mode: 'sentinel' }), false)).toThrow('sentinels: [')
})

test('a replica, or one that loads, will not do now', () => {
  expect(() => checkServer(info({ role: 'slave' }), false)).toThrow('replica')
  expect(() => checkServer(info({ loading: '1' }), false)).toThrow('loading')
})

test('where INFO is refused, nothing is known and nothing is wrong', () => {
  expect(checkServer(readInfo(''), false)).toEqual({ version: undefined, isCluster: false, evicts: undefined })
})

test('a Redis that evicts is warned of once', async () => {
  const server = await RedisServer.start('--maxmemory-policy', 'allkeys-lru', '--maxmemory', '100mb')
  const { link, lines, close } = connected({ url: server.url })
  await link.command('PING')
  const admin = server.client()
  for (const { id, name } of clientsOf(await admin.client('LIST'))) {
    if (name?.startsWith('quayside:')) await admin.client('KILL', 'ID', id as string)
  }
  await until('it is connected again', () => link.command('PING').then(Boolean, () => false))
  admin.disconnect()
  await close()
  await server.destroy()
  const warnings = lines.filter(({ level }) => level === 'warn')
  expect(warnings).toHaveLength(1)
  expect(warnings[0]?.fields).toEqual({ policy: 'allkeys-lru' })
  expect(warnings[0]?.message).toMatch('set its maxmemory-policy to noeviction')
})

test('a server that speaks another protocol is named', async () => {
  const { createServer } = await import('node:http')
  const web = createServer((_, response) => response.end()).listen(0, '127.0.0.1')
  await until('it listens', () => web.listening)
  const { port } = web.address() as { port: number }
  const { link, close } = connected({ url: `redis://127.0.0.1:${port}` })
  const error = await failing(link.command('PING'))
  await close()
  web.close()
  expect(error).toMatchObject({ name: 'StorageUnavailableError', outcome: 'none' })
  expect(error.message).toMatch('not Redis')
})

test('scripts for Redis 7 carry flags; older ones begin with what frees memory', () => {
  const script = { name: 'settle', lua: 'return 1' }
  const growing = { name: 'push', lua: 'return 2', growing: true }
  expect(scriptText(script, '7.0.15').text).toBe('#!lua flags=allow-oom\nreturn 1')
  expect(scriptText(growing, '7.0.15').text).toBe('#!lua\nreturn 2')
  expect(scriptText(script, '6.2.0').text).toMatch(/^redis\.call\('DEL', .*\)\nreturn 1$/)
  expect(scriptText(growing, '6.2.0').text).toBe('return 2')
  expect(scriptText(script, undefined)).toBe(scriptText(script, '6.2.0'))
  expect(scriptText(script, '7.2.0')).toBe(scriptText(script, '7.0.15'))
})

test('what is made for Redis 6.2 also runs when Redis is full', async () => {
  const server = await RedisServer.start()
  const admin = server.client()
  const writes = { name: 'writes', lua: "return redis.call('SET', KEYS[1], 'x')" }
  await admin.config('SET', 'maxmemory', '1mb')
  expect(await admin.eval(scriptText(writes, '6.2.0').text, 1, 'key', '')).toBe('OK')
  const refused = await failing(admin.eval(scriptText({ ...writes, growing: true }, '6.2.0').text, 1, 'key', ''))
  expect(refused.message).toMatch(/^OOM/)
  admin.disconnect()
  await server.destroy()
})
