/**
 * The jid that an attempt at a tick has: the same 24 hex digits in every process. Three 32-bit words, each mixed from every character with
 * its own numbers (the multipliers are those of MurmurHash3's finalizers), as strong as ids need: 96 bits that differ
 * for any two ticks. No secret depends on it.
 */
export function tickJid(namespace: string, name: string, at: number, attempt: number): string {
  // The length first: no two ticks are the same text.
  const text = `${namespace} ${name.length} ${name} ${at} ${attempt}`
  let a = 0x9e3779b9
  let b = 0x243f6a88
  let c = 0xb7e15162
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    a = Math.imul(rotate(a ^ code, 13) + c, 0x85ebca6b)
    b = Math.imul(rotate(b ^ code, 15) + a, 0xc2b2ae35)
    c = Math.imul(rotate(c ^ code, 17) + b, 0x27d4eb2f)
  }
  // Each word then depends on all of them.
  for (let round = 0; round < 3; round++) {
    a = mixed(a ^ rotate(c, 7))
    b = mixed(b ^ rotate(a, 11))
    c = mixed(c ^ rotate(b, 19))
  }
  return [a, b, c].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
}

const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by))

function mixed(word: number): number {
  let mixing = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  mixing = Math.imul(mixing ^ (mixing >>> 13), 0xc2b2ae35)
  return mixing ^ (mixing >>> 16)
}
