import { ReplyError } from 'ioredis'
import { expect, test } from 'vitest'
import { callFailure, connectFailure } from '../../adapters/redis/connection/failure.ts'
import { OptionError } from '../../src/errors.ts'

const WHERE = 'redis.example:6379'
const reply = (message: string): Error => new ReplyError(message)
const socketError = (code: string): Error => Object.assign(new Error(`${code} somewhere`), { code })

/** As Redis 7.0 writes them, and 6.2 where that differs. */
test.each([
  ['LOADING Redis is loading the dataset in memory', 'elsewhere'],
  ["READONLY You can't write against a read only replica.", 'elsewhere'],
  ["READONLY You can't write against a read only replica. script: 4ad8b5, on @user_script:1.", 'elsewhere'],
  ["MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", 'elsewhere'],
  ['CLUSTERDOWN The cluster is down', 'elsewhere'],
  ['CLUSTERDOWN Hash slot not served', 'elsewhere'],
  ['MOVED 3999 127.0.0.1:6381', 'elsewhere'],
  ['ASK 3999 127.0.0.1:6381', 'elsewhere'],
  ['ERR max number of clients reached', 'elsewhere'],
  ['TRYAGAIN Multiple keys request during rehashing of slot', 'here'],
  ['BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.', 'here'],
  ['UNKILLABLE Sorry the script already executed write commands against the dataset.', 'here'],
  ['MISCONF Redis is configured to save RDB snapshots, but it is currently not able to persist on disk.', 'here'],
  ['NOREPLICAS Not enough good replicas to write.', 'here'],
  ["OOM command not allowed when used memory > 'maxmemory'.", 'here'],
  ['ERR Error running script (call to f_4ad8b5): @user_script:1: @user_script: 1: -OOM command not allowed', 'here'],
  ["NOPERM this user has no permissions to run the 'evalsha' command", 'here'],
  ['NOAUTH Authentication required.', 'hopeless'],
  ['WRONGPASS invalid username-password pair or user is disabled.', 'hopeless'],
])('%s: nothing was done, and to be tried %s', (message, where) => {
  const { error, elsewhere, hopeless } = callFailure(reply(message))
  expect(error).toMatchObject({ name: 'StorageUnavailableError', outcome: 'none' })
  expect(hopeless ? 'hopeless' : elsewhere ? 'elsewhere' : 'here').toBe(where)
  expect(error.cause).toBeUndefined()
})

test('MOVED tells where', () => {
  expect(callFailure(reply('MOVED 3999 127.0.0.1:6381')).moved).toBe('127.0.0.1:6381')
})

test.each([
  'WRONGTYPE Operation against a key holding the wrong kind of value',
  'ERR Error running script (call to f_4ad8b5): @user_script:1: attempt to index a nil value',
  'OLDREQUEST 7',
  'EXECABORT Transaction discarded because of previous errors.',
])('%s is our own to know, and comes as it was', (message) => {
  const failure = callFailure(reply(message))
  expect(failure.error).toMatchObject({ name: 'RedisReplyError', reply: message })
  expect(failure.elsewhere).toBe(false)
})

test('keys in several slots ask for a hash tag', () => {
  const { error } = callFailure(reply("CROSSSLOT Keys in request don't hash to the same slot"))
  expect(error).toBeInstanceOf(OptionError)
  expect(error.message).toMatch("prefix: '{shop}:'")
})

test('what Redis repeats of a command may be a password, and is not kept', () => {
  const { error } = callFailure(reply('ERR unknown command `AUTH`, with args beginning with: `default` `secret` '))
  expect(error.message).toBe('Redis answered: ERR unknown command `AUTH`')
})

test.each(['Connection is closed.', 'Command aborted due to connection close', 'read ECONNRESET'])(
  'after "%s" nobody knows what was done',
  (message) => {
    const { error, elsewhere } = callFailure(new Error(message))
    expect(error).toMatchObject({ name: 'StorageUnavailableError', outcome: 'unknown' })
    expect(elsewhere).toBe(false)
  },
)

test('what ioredis did not write goes elsewhere', () => {
  const failure = callFailure(new Error("Stream isn't writeable and enableOfflineQueue options is false"))
  expect(failure.error).toMatchObject({ outcome: 'none' })
  expect(failure.elsewhere).toBe(true)
})

test.each([
  [socketError('ECONNREFUSED'), 'nothing listens there', false],
  [socketError('ETIMEDOUT'), 'did not answer in time', false],
  [socketError('ENOTFOUND'), 'no host has this name', false],
  [socketError('EAI_AGAIN'), 'cannot be looked up', false],
  [socketError('ENOENT'), 'no such socket', false],
  [socketError('EACCES'), 'may not open', false],
  [socketError('EHOSTUNREACH'), 'EHOSTUNREACH', false],
  [socketError('EPROTO'), 'speaks no TLS', true],
  [socketError('ERR_SSL_WRONG_VERSION_NUMBER'), 'speaks no TLS', true],
  [socketError('DEPTH_ZERO_SELF_SIGNED_CERT'), 'certificate', true],
  [socketError('ERR_TLS_CERT_ALTNAME_INVALID'), 'certificate', true],
  [socketError('CERT_HAS_EXPIRED'), 'certificate', true],
  [new Error('Protocol error, got "H" as reply type byte'), 'not Redis', true],
  [new Error('Unknown RESP type 72 "H"'), 'not Redis', true],
  [socketError('ECONNRESET'), 'closed before Redis answered', false],
  [new Error('Connection is closed.'), 'closed before Redis answered', false],
  [new Error('All sentinels are unreachable and retry is disabled.'), 'no Sentinel', false],
])('no connection, since %s', (thrown, words, hopeless) => {
  const failure = connectFailure(thrown, WHERE)
  expect(failure.error).toMatchObject({ name: 'StorageUnavailableError', outcome: 'none' })
  expect(failure.error.message).toMatch(`No connection to Redis at ${WHERE}`)
  expect(failure.error.message).toMatch(words)
  expect(failure).toMatchObject({ elsewhere: true, hopeless })
})
