import type { Redis, RedisOptions } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Connections } from '../../adapters/redis/connection/connect.ts'
import type { Script } from '../../adapters/redis/link.ts'
import type { RedisStorageOptions } from '../../adapters/redis/options.ts'
import { clientsOf, connected } from './connected.ts'
import { RedisServer } from './redis-server.ts'
import { failing, until } from './until.ts'

const ECHO: Script = { name: 'echo', lua: 'return { KEYS[1], ARGV[1], ARGV[2], ARGV[3] }' }
const PUT: Script = { name: 'put', lua: "return redis.call('SET', KEYS[1], ARGV[3])", growing: true }
const LOOK: Script = { name: 'look', lua: "return redis.call('EXISTS', KEYS[1])" }
const TAKE: Script = { name: 'take', lua: "redis.call('SET', KEYS[1], 'x') return redis.call('DEL', KEYS[1])" }
const BUSY_FOREVER = 'while true do end'

/** What a link promises, with one version of ioredis and one protocol. */
export function linkSuite(title: string, redis: RedisOptions): void {
  describe(title, () => {
    let server: RedisServer
    let admin: Redis
    let open: Connections[] = []

    beforeAll(async () => {
      server = await RedisServer.start('--enable-debug-command', 'yes', '--enable-protected-configs', 'yes')
    })
    beforeEach(() => {
      admin = server.client()
      admin.on('error', () => {})
    })
    afterEach(async () => {
      await Promise.all(open.map(({ close }) => close()))
      open = []
      await admin.flushall().catch(() => {})
      admin.disconnect()
    })
    afterAll(() => server.destroy())

    function opened(options: RedisStorageOptions = {}, namespace = ''): Connections {
      const connections = connected({ url: server.url, redis, ...options }, { namespace })
      open.push(connections)
      return connections
    }

    const link = (options?: RedisStorageOptions, namespace?: string) => opened(options, namespace).link

    /** A link whose changes somebody listens for. */
    async function listening() {
      const { link: one, waking } = opened()
      const wakes: string[] = []
      waking.subscribe((wake) => wakes.push(wake))
      await until('Redis tells of changes', () => wakes.length === 4)
      wakes.length = 0
      return { one, wakes }
    }

    const clients = async () =>
      clientsOf(await admin.client('LIST')).filter(({ name }) => name?.startsWith('quayside:'))
    const kill = async () => {
      for (const { id } of await clients()) await admin.client('KILL', 'ID', id as string)
    }

    test('a script gets its keys, the prefix, the offset of the clock, and its arguments', async () => {
      expect(await link().run(ECHO, ['x'])).toEqual(['queues', '', '0', 'x'])
      expect(await link({ prefix: '{shop}:' }, 'app').run(ECHO, [7])).toEqual([
        '{shop}:app:queues',
        '{shop}:app:',
        '0',
        '7',
      ])
      expect(await link().run(ECHO, ['x'], { keys: ['one', 'two'] })).toEqual(['one', '', '0', 'x'])
    })

    test('a process has one named connection', async () => {
      const one = link({}, 'shop')
      await Promise.all([one.run(ECHO, []), one.command('PING'), one.run(PUT, ['x'])])
      expect((await clients()).map(({ name }) => name)).toEqual(['quayside:commands:shop'])
    })

    test('bytes come and go as they are', async () => {
      const bytes = Buffer.from([0, 255, 13, 10, 128])
      expect(await link().run(ECHO, [bytes], { bytes: true })).toContainEqual(bytes)
      expect(await link().run(ECHO, ['\u2028 é 🙂'])).toContain('\u2028 é 🙂')
    })

    test('commands answer as text, whatever the protocol', async () => {
      const one = link()
      await one.command('ZADD', 'z', 1.5, 'a')
      expect(await one.command('ZRANGE', 'z', 0, -1, 'WITHSCORES')).toEqual(['a', '1.5'])
      await one.command('HSET', 'h', 'a', '1')
      expect(await one.command('HGET', 'h', 'a')).toBe('1')
    })

    test('two hundred thousand arguments pass', async () => {
      const count: Script = { name: 'count', lua: 'return #ARGV' }
      expect(
        await link().run(
          count,
          Array.from({ length: 200_000 }, (_, index) => index),
        ),
      ).toBe(200_002)
    })

    test('scripts that Redis forgets again and again run all the same, watching or not', async () => {
      const { one } = await listening()
      let isOver = false
      const flushing = (async () => {
        while (!isOver) await admin.script('FLUSH')
      })()
      for (let turn = 0; turn < 200; turn++) {
        const calls = [one.run(ECHO, [turn], { watch: turn % 2 === 0 }), one.run(ECHO, [turn], { watch: true })]
        for (const answer of await Promise.all(calls)) expect(answer).toContain(String(turn))
      }
      isOver = true
      await flushing
    })

    test('an error of a script comes as it was', async () => {
      const failsAt: Script = { name: 'fails', lua: "return redis.error_reply('OLDREQUEST 7')" }
      await expect(link().run(failsAt, [])).rejects.toMatchObject({ code: 'ERR_REDIS_REPLY', reply: 'OLDREQUEST 7' })
    })

    test('calls of a connection that is killed end; later ones go on', async () => {
      const one = link()
      await one.command('PING')
      for (let turn = 0; turn < 20; turn++) {
        const calls = Promise.allSettled(Array.from({ length: 20 }, () => one.run(ECHO, ['x'])))
        await kill()
        for (const result of await calls) {
          if (result.status === 'rejected') expect(result.reason).toMatchObject({ outcome: 'unknown' })
        }
        const again = () => one.run(ECHO, ['after']).then(Boolean, () => false)
        await until('it is connected again', again, 1_000)
      }
    })

    test('what was sent when the connection is cut may have been done', async () => {
      const one = link()
      await one.command('PING')
      const sent = failing(one.command('BLPOP', 'nothing', 0))
      await until('it is sent', async () => (await clients()).some(({ cmd }) => cmd === 'blpop'))
      await kill()
      expect(await sent).toMatchObject({ name: 'StorageUnavailableError', outcome: 'unknown' })
    })

    test('without Redis, a call waits for its time and tells that nothing was done', async () => {
      await server.stop()
      const began = performance.now()
      const error = await failing(link({ timeout: '300ms' }).run(ECHO, []))
      await server.start()
      expect(error).toMatchObject({ name: 'StorageUnavailableError', outcome: 'none' })
      expect(error.message).toMatch(`No connection to Redis at 127.0.0.1:${server.port}: nothing listens there`)
      expect(performance.now() - began).toBeLessThan(2_000)
    })

    test('a call that waits is sent when Redis is back', async () => {
      const one = link()
      await one.command('PING')
      await server.stop()
      const waiting = one.run(ECHO, ['x'])
      await server.start()
      expect(await waiting).toContain('x')
    })

    test('a half-open connection is given up with its first late call', async () => {
      const one = link({ timeout: '400ms' })
      await one.command('PING')
      process.kill(server.pid, 'SIGSTOP')
      const [first, second] = await Promise.all([failing(one.run(PUT, ['x'])), failing(one.command('PING'))])
      const third = await failing(one.command('PING'))
      process.kill(server.pid, 'SIGCONT')
      expect(first).toMatchObject({ name: 'StorageUnavailableError', outcome: 'unknown' })
      expect(second).toMatchObject({ outcome: 'unknown' })
      // There was no connection any more: this one was never sent.
      expect(third).toMatchObject({ outcome: 'none' })
      await until('it answers again', () =>
        one.command('PING').then(
          () => true,
          () => false,
        ),
      )
      await until('one connection is left', async () => (await clients()).length === 1)
    })

    test('an answer that arrives while the event loop is blocked is heard', async () => {
      const one = link({ timeout: '200ms' })
      await one.command('PING')
      const answer = one.command('PING')
      const end = performance.now() + 400
      while (performance.now() < end);
      expect(await answer).toBe('PONG')
    })

    test('close ends what waits, and what comes later is refused', async () => {
      const connections = opened()
      await connections.link.command('PING')
      const running = connections.link.command('PING')
      const closing = connections.close()
      expect(await running).toBe('PONG')
      await closing
      expect(await failing(connections.link.run(ECHO, []))).toMatchObject({ name: 'ClosedError' })
      await until('no connection is left', async () => (await clients()).length === 0)
      await connections.close()
    })

    test('close without Redis ends too', async () => {
      const connections = connected({ url: 'redis://127.0.0.1:1', redis })
      const waiting = failing(connections.link.command('PING'))
      await connections.close()
      expect(await waiting).toMatchObject({ name: 'ClosedError' })
    })

    test('a full Redis refuses growing scripts, and runs all others, watching too', async () => {
      const { one, wakes } = await listening()
      await admin.config('SET', 'maxmemory', '1mb')
      const refused = await failing(one.run(PUT, ['x'], { keys: ['put'] }))
      const taken = await one.run(TAKE, [], { keys: ['queue:a'], watch: true })
      await admin.config('SET', 'maxmemory', '0')
      expect(refused).toMatchObject({ name: 'StorageUnavailableError', outcome: 'none' })
      expect(refused.message).toMatch('OOM')
      expect(taken).toBe(1)
      wakes.length = 0
      await one.run(LOOK, [], { keys: ['queue:a'], watch: true })
      await admin.lpush('queue:a', 'x')
      await until('it hears of the push', () => wakes.includes('claimable'))
    })

    test('a replica is left, and its calls go to the primary that it becomes', async () => {
      const one = link()
      await one.command('PING')
      await admin.replicaof('127.0.0.1', 1)
      const waiting = one.run(PUT, ['x'])
      await until('it looks elsewhere', async () => (await clients()).every(({ cmd }) => cmd !== 'ping'))
      await admin.replicaof('NO', 'ONE')
      expect(await waiting).toBe('OK')
    })

    test('a replica that stays one is named', async () => {
      await admin.replicaof('127.0.0.1', 1)
      const error = await failing(link({ timeout: '300ms' }).run(PUT, ['x']))
      await admin.replicaof('NO', 'ONE')
      expect(error).toMatchObject({ name: 'StorageUnavailableError', outcome: 'none' })
      expect(error.message).toMatch('is a replica')
    })

    test('a Redis busy with a script of somebody else refuses, and nothing was done', async () => {
      const one = link()
      await one.command('PING')
      await admin.config('SET', 'busy-reply-threshold', '1')
      const other = server.client()
      const hanging = failing(other.eval(BUSY_FOREVER, 0))
      await until('it is busy', () =>
        admin.ping().then(
          () => false,
          () => true,
        ),
      )
      const error = await failing(one.run(PUT, ['x']))
      await admin.script('KILL')
      await hanging
      other.disconnect()
      await admin.config('SET', 'busy-reply-threshold', '5000')
      expect(error).toMatchObject({ name: 'StorageUnavailableError', outcome: 'none' })
      expect(error.message).toMatch('BUSY')
      expect(await one.run(PUT, ['x'])).toBe('OK')
    })

    test('a Redis that cannot save takes no writes', async () => {
      // No file system takes a name as long as that.
      await admin.config('SET', 'save', '3600 1', 'dbfilename', 'a'.repeat(300))
      await admin.bgsave()
      await until('saving fails', async () => /rdb_last_bgsave_status:err/.test(await admin.info('persistence')))
      const error = await failing(link().run(PUT, ['x']))
      await admin.config('SET', 'save', '', 'dbfilename', 'dump.rdb')
      expect(error).toMatchObject({ name: 'StorageUnavailableError', outcome: 'none' })
      expect(error.message).toMatch('MISCONF')
    })

    test('too many connections are named', async () => {
      await admin.config('SET', 'maxclients', '1')
      const error = await failing(link({ timeout: '300ms' }).command('PING'))
      await admin.config('SET', 'maxclients', '1000')
      expect(error).toMatchObject({ name: 'StorageUnavailableError', outcome: 'none' })
      expect(error.message).toMatch('maxclients')
    })

    test('a wrong password is told at once, and not shown', async () => {
      await admin.config('SET', 'requirepass', 'right-secret')
      const url = (password: string) => server.url.replace('//', `//${password}@`)
      const began = performance.now()
      const wrong = await failing(link({ url: url(':wrong-secret') }).command('PING'))
      const missing = await failing(link().command('PING'))
      const right = await link({ url: url(':right-secret') }).command('PING')
      const rightUser = await link({ url: url('default:right-secret') }).command('PING')
      await admin.config('SET', 'requirepass', '')
      expect([right, rightUser]).toEqual(['PONG', 'PONG'])
      expect(performance.now() - began).toBeLessThan(3_000)
      expect(wrong).toMatchObject({ name: 'StorageUnavailableError', outcome: 'none' })
      expect(wrong.message).toMatch('refuses the user name or the password')
      expect(missing.message).toMatch('asks for a password')
      expect(`${wrong.stack} ${JSON.stringify(wrong)} ${String(wrong.cause)}`).not.toMatch('secret')
    })

    test('a user that may not ask INFO is served', async () => {
      await admin.acl('SETUSER', 'app', 'on', '>pass', '~*', '&*', '+@all', '-info', '-@dangerous')
      const one = link({ url: server.url.replace('//', '//app:pass@') })
      expect(await one.run(PUT, ['x'])).toBe('OK')
      await admin.acl('DELUSER', 'app')
    })

    test('what a user may not do is told', async () => {
      await admin.acl('SETUSER', 'app', 'on', '>pass', '~*', '&*', '+@all', '-evalsha', '-eval')
      const error = await failing(link({ url: server.url.replace('//', '//app:pass@') }).run(PUT, ['x']))
      await admin.acl('DELUSER', 'app')
      expect(error).toMatchObject({ name: 'StorageUnavailableError', outcome: 'none' })
      expect(error.message).toMatch('NOPERM')
    })

    test('while Redis loads its data, calls wait', async () => {
      // Each key takes long, and is so large that Redis looks at its connections after each.
      const slow = ['key-load-delay', '100000', 'loading-process-events-interval-bytes', '1024', 'rdbcompression', 'no']
      await admin.config('SET', ...slow)
      await admin.call('DEBUG', 'POPULATE', 100, 'key', 2000)
      const reloading = admin.call('DEBUG', 'RELOAD').catch(() => {})
      const other = server.client({ enableReadyCheck: false })
      await until('it loads', async () => /loading:1/.test(await other.info('persistence')))
      const waiting = link().command('GET', 'nothing')
      const error = await failing(link({ timeout: '1s' }).command('PING'))
      await other.config('SET', 'key-load-delay', '0')
      other.disconnect()
      await reloading
      expect(error).toMatchObject({ name: 'StorageUnavailableError', outcome: 'none' })
      expect(error.message).toMatch('loading')
      expect(await waiting).toBeNull()
    })
  })
}
