import { expect, test } from 'vitest'
import { tickJid } from '../../src/cron/tick-jid.ts'

test('a jid is the same in every process and every version', () => {
  expect(tickJid('', 'daily-cleanup', Date.UTC(2026, 0, 1, 3), 0)).toBe(PINNED)
})

/** Changing how jids are made would enqueue twice, while processes of both versions run. */
const PINNED = 'd0da8f5b227c339f98efc7a3'

test('each part makes another jid, and so does where one ends', () => {
  const jids = [
    tickJid('', 'a', 1, 0),
    tickJid('', 'a', 1, 1),
    tickJid('', 'a', 11, 0),
    tickJid('', 'a 1', 1, 0),
    tickJid('', 'a', 2, 0),
    tickJid('', 'b', 1, 0),
    tickJid('a', '', 1, 0),
    tickJid('a', 'a', 1, 0),
    tickJid('', 'é', 1, 0),
    tickJid('', '\u{1f680}', 1, 0),
  ]
  expect(new Set(jids).size).toBe(jids.length)
  for (const jid of jids) expect(jid).toMatch(/^[0-9a-f]{24}$/)
})

test('of half a million ticks no two share a jid, nor any eight digits of it more often than chance has it', () => {
  const count = 500_000
  const all = new Set<string>()
  const parts = [new Set<string>(), new Set<string>(), new Set<string>()]
  for (let n = 0; n < count; n++) {
    const jid = tickJid('harbour', `entry-${n % 300}`, Date.UTC(2026, 0, 1) + Math.floor(n / 300) * 1_000, 0)
    all.add(jid)
    for (const [index, part] of parts.entries()) part.add(jid.slice(index * 8, index * 8 + 8))
  }
  expect(all.size).toBe(count)
  // By chance 29 of them meet.
  for (const part of parts) expect(count - part.size).toBeLessThan(100)
})

test('half of the bits change with any one of the time', () => {
  const bits = (jid: string) =>
    Array.from(jid, (digit) => Number.parseInt(digit, 16).toString(2).padStart(4, '0')).join('')
  for (let n = 0; n < 200; n++) {
    const [a = '', b = ''] = [tickJid('', 'x', n * 60_000, 0), tickJid('', 'x', (n + 1) * 60_000, 0)].map(bits)
    const changed = [...a].filter((bit, index) => bit !== b[index]).length
    expect(changed).toBeGreaterThan(20)
    expect(changed).toBeLessThan(76)
  }
})
