import { hasCode } from '../errors.ts'

/**
 * All that a browser says when a request got no answer, in a TypeError: no cause, no code. Sentry puts the host behind
 * it, in brackets.
 */
const MESSAGES: ReadonlySet<unknown> = new Set([
  'Failed to fetch', // Chromium
  'network error', // Chromium, in the middle of an answer
  'NetworkError when attempting to fetch resource.', // Firefox
  'Load failed', // Safari
  'The Internet connection appears to be offline.', // Safari before 17
  'The network connection was lost.', // Safari before 17
  'Network request failed', // React Native
])

/**
 * What Node's own errors say, which its 'fetch failed' has as its cause. That alone means little: a wrong certificate
 * and an unknown scheme fail so, too.
 */
const CODES: ReadonlySet<unknown> = new Set([
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
  'ERR_NETWORK', // axios in a browser
])

/** Deeper than anybody wraps an error; causes may go round in a circle. */
const DEEPEST = 8

/**
 * Whether an error says that a request reached nobody: by itself, or by what it was made from. An answer of any kind,
 * a run that took too long, and every other TypeError are none.
 */
export function isNetworkError(error: unknown, depth: number = DEEPEST): boolean {
  if (typeof error !== 'object' || error === null) return false
  const { name, message, code, cause, errors } = error as Partial<AggregateError & { code: unknown }>
  if (hasCode(error, 'ERR_NETWORK_UNAVAILABLE') || CODES.has(code)) return true
  if (name === 'TypeError' && MESSAGES.has(String(message).replace(/ \(.*\)$/, ''))) return true
  if (depth === 0) return false
  // One error for each address of the host: they fail alike.
  return isNetworkError(cause, depth - 1) || (Array.isArray(errors) && isNetworkError(errors[0], depth - 1))
}
