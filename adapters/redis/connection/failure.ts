import { OptionError, QuaysideError, StorageUnavailableError } from '../../../src/errors.ts'

/** What an error of Redis or of its connection means. */
export interface Failure {
  /** What the caller is told. */
  readonly error: QuaysideError
  /** True when nothing was done, and the same call may well succeed on another connection. */
  readonly elsewhere: boolean
  /** True when trying again changes nothing before a person does. */
  readonly hopeless: boolean
  /** True when Redis does not know this command, or does not allow it. */
  readonly isRefusal: boolean
  /** The node of the cluster that has the keys. */
  readonly moved?: string
}

/** Redis refused a call, or a script ended it, with words of its own. Nothing was done. */
class RedisReplyError extends QuaysideError {
  override name = 'RedisReplyError'
  override readonly code = 'ERR_REDIS_REPLY'
  /** What Redis answered, as it was: `OLDREQUEST 7`. */
  readonly reply: string
  constructor(reply: string) {
    super(`Redis answered: ${reply}`)
    this.reply = reply
  }
}

type Stay = 'here' | 'elsewhere' | 'hopeless'

/** Replies that mean that nothing was done, by their first word: what to say, and whether another connection helps. */
const REFUSALS: ReadonlyMap<string, readonly [Stay, string]> = new Map([
  ['LOADING', ['elsewhere', 'Redis is still loading its data from disk. It answers when that is done.']],
  ['READONLY', ['elsewhere', 'This Redis is a replica and takes no writes. Connect to its primary, or by Sentinel.']],
  ['MASTERDOWN', ['elsewhere', 'This Redis is a replica that has lost its primary. Connect to a primary.']],
  ['CLUSTERDOWN', ['elsewhere', 'The Redis cluster is down: some of its slots are served by no node.']],
  ['MOVED', ['elsewhere', 'Another node of the Redis cluster has these keys.']],
  ['ASK', ['elsewhere', 'These keys are on their way to another node of the Redis cluster.']],
  ['MAXCLIENTS', ['elsewhere', 'Redis has as many connections as its `maxclients` allows. Close some, or raise it.']],
  ['TRYAGAIN', ['here', 'These keys are on their way to another node of the Redis cluster.']],
  ['BUSY', ['here', 'Redis is busy with a script that somebody else runs. `SCRIPT KILL` may end it.']],
  ['UNKILLABLE', ['here', 'Redis is busy with a script that has written already, and cannot be ended.']],
  ['MISCONF', ['here', 'Redis cannot save to its disk, and takes no writes until it can. Its log tells why.']],
  ['NOREPLICAS', ['here', 'Redis has too few replicas for its `min-replicas-to-write`, and takes no writes.']],
  [
    'OOM',
    ['here', 'Redis is full: it has reached its `maxmemory`. What works off jobs still runs; or give it more memory.'],
  ],
  ['NOPERM', ['here', 'The Redis user lacks a permission: it needs +@all on the keys of its prefix (or ~*, &*).']],
  ['NOAUTH', ['hopeless', 'Redis asks for a password. Give it in the url: redis://:<password>@host:6379.']],
  ['WRONGPASS', ['hopeless', 'Redis refuses the user name or the password. Look at the url, and at its ACL LIST.']],
])

/** Errors of Node's sockets, by their code. */
const SOCKET_ERRORS: ReadonlyMap<string, readonly [Stay, string]> = new Map([
  ['ECONNREFUSED', ['elsewhere', 'nothing listens there. Does Redis run, and are host and port right?']],
  ['ENOENT', ['elsewhere', 'there is no such socket. Does Redis run, with this `unixsocket`?']],
  ['EACCES', ['elsewhere', 'this process may not open that socket. Look at `unixsocketperm`.']],
  ['ETIMEDOUT', ['elsewhere', 'it did not answer in time. (One that speaks no TLS never answers rediss://.)']],
  ['ENOTFOUND', ['elsewhere', 'no host has this name.']],
  ['EAI_AGAIN', ['elsewhere', 'the name of the host cannot be looked up just now.']],
  ['EPROTO', ['hopeless', 'it speaks no TLS. Use redis:// rather than rediss://, or its `tls-port`.']],
  ['ERR_SSL_WRONG_VERSION_NUMBER', ['hopeless', 'it speaks no TLS. Use redis:// rather than rediss://.']],
])

/** A connection that was never made, or was cut before anything was written. `where` has no password in it. */
export function connectFailure(thrown: unknown, where: string): Failure {
  if (thrown instanceof QuaysideError)
    return { ...mistake(thrown), elsewhere: true, hopeless: thrown instanceof OptionError }
  const reply = replyFailure(thrown)
  if (reply) return { ...reply, elsewhere: true }
  const { code = '', message = '' } = thrown as { code?: string; message?: string }
  const [stay, words] = SOCKET_ERRORS.get(code) ?? socketWords(code, message)
  return { ...unavailable(`No connection to Redis at ${where}: ${words}`, stay), elsewhere: true }
}

function socketWords(code: string, message: string): readonly [Stay, string] {
  if (/CERT|SELF_SIGNED|UNABLE_TO_/.test(code))
    return ['hopeless', `its certificate is not accepted (${code}). Give its authority: { redis: { tls: { ca } } }.`]
  if (/^Protocol error|as reply type byte|Unknown RESP/.test(message))
    return ['hopeless', 'what answers there is not Redis, or it wants TLS: rediss://.']
  if (/^All sentinels are unreachable/.test(message))
    return ['elsewhere', 'no Sentinel answers that knows this name of a primary.']
  if (code === '' || code === 'ECONNRESET' || code === 'EPIPE')
    return ['elsewhere', 'it was closed before Redis answered. If it wants TLS, write rediss://.']
  return ['elsewhere', `${code}.`]
}

/** The connection was there when the call began: what became of that call? Only a reply tells. */
export function callFailure(thrown: unknown): Failure {
  if (thrown instanceof QuaysideError) return mistake(thrown)
  const reply = replyFailure(thrown)
  if (reply) return reply
  const { message } = thrown as Error
  // The words of ioredis 5 and 6 for a command that it did not write.
  if (/isn't writeable/.test(message)) return unavailable('The connection to Redis was cut.', 'elsewhere')
  return mistake(cut('The connection to Redis was cut before it answered.'))
}

/** Nobody knows what became of the call. */
export function cut(message: string): StorageUnavailableError {
  return new StorageUnavailableError(`${message} Whether the call was carried out is not known.`, {
    outcome: 'unknown',
  })
}

/** What a reply of Redis means, if it is one. */
function replyFailure(thrown: unknown): Failure | undefined {
  const { name, message } = thrown as Error
  if (name !== 'ReplyError' && name !== 'SimpleError' && name !== 'ErrorReply') return undefined
  const word = firstWord(message)
  if (word === 'CROSSSLOT') return mistake(new OptionError(CROSSSLOT))
  const refusal = REFUSALS.get(word)
  if (!refusal) return { ...mistake(new RedisReplyError(withoutArguments(message))), isRefusal: true }
  const [stay, words] = refusal
  const moved = word === 'MOVED' ? message.split(' ')[2] : undefined
  return { ...unavailable(`${words} (${word})`, stay), isRefusal: word === 'NOPERM', ...(moved && { moved }) }
}

const CROSSSLOT =
  "redisStorage(): on a Redis cluster, all keys of an app must lie in one slot: give a prefix with a hash tag, such as prefix: '{shop}:'."

/** The word that tells the kind of a reply. Redis 6.2 wraps what a script's command answered. */
function firstWord(message: string): string {
  if (message.startsWith('ERR max number of clients')) return 'MAXCLIENTS'
  const wrapped = /^ERR Error running script.*? -([A-Z]{2,}) /.exec(message)
  return wrapped?.[1] ?? /^-?([A-Z]+)\b/.exec(message)?.[1] ?? ''
}

/** Redis repeats the arguments of a command that it does not know, and those of AUTH are a password. */
function withoutArguments(message: string): string {
  return message.replace(/,? with args beginning with:.*/s, '')
}

function mistake(error: QuaysideError): Failure {
  return { error, elsewhere: false, hopeless: false, isRefusal: false }
}

function unavailable(message: string, stay: Stay): Failure {
  const error = new StorageUnavailableError(message, { outcome: 'none' })
  return { error, elsewhere: stay !== 'here', hopeless: stay === 'hopeless', isRefusal: false }
}
