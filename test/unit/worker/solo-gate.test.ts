import { expect, test } from 'vitest'
import { SoloGate } from '../../../src/worker/solo-gate.ts'

function gateWithSuspects() {
  let opened = 0
  const gate = new SoloGate()
  gate.onOpen = () => opened++
  const inside: string[] = []
  const suspect = (name: string) => gate.enterAlone().then(() => inside.push(name))
  const rest = () => new Promise<void>((resolve) => setImmediate(resolve))
  return { gate, inside, suspect, rest, opened: () => opened }
}

test('is open while there is no suspect, whoever comes and goes', () => {
  const { gate, opened } = gateWithSuspects()
  gate.enter()
  gate.enter()
  expect([gate.isClosed, gate.isAlone]).toEqual([false, false])
  gate.leave()
  gate.leave()
  expect([gate.isClosed, gate.isAlone, opened()]).toEqual([false, false, 0])
})

test('a suspect runs at once when nothing else does', async () => {
  const { gate, inside, suspect, rest } = gateWithSuspects()
  suspect('a')
  expect([gate.isClosed, gate.isAlone]).toEqual([true, true])
  await rest()
  expect(inside).toEqual(['a'])
})

test('a suspect waits until all who are inside have left; the gate is closed meanwhile', async () => {
  const { gate, inside, suspect, rest, opened } = gateWithSuspects()
  gate.enter()
  gate.enter()
  suspect('a')
  expect([gate.isClosed, gate.isAlone]).toEqual([true, false])
  gate.leave()
  await rest()
  expect([inside, gate.isAlone]).toEqual([[], false])
  gate.leave()
  await rest()
  expect([inside, gate.isAlone, gate.isClosed, opened()]).toEqual([['a'], true, true, 0])
})

test('it opens again when the suspect leaves, and says so once', async () => {
  const { gate, suspect, rest, opened } = gateWithSuspects()
  suspect('a')
  await rest()
  gate.leaveAlone()
  expect([gate.isClosed, gate.isAlone, opened()]).toEqual([false, false, 1])
})

test('suspects run one after the other, in their order, and it opens after the last', async () => {
  const { gate, inside, suspect, rest, opened } = gateWithSuspects()
  gate.enter()
  for (const name of ['a', 'b', 'c']) suspect(name)
  gate.leave()
  await rest()
  expect(inside).toEqual(['a'])
  gate.leaveAlone()
  expect([gate.isAlone, opened()]).toEqual([true, 0])
  await rest()
  expect(inside).toEqual(['a', 'b'])
  gate.leaveAlone()
  await rest()
  gate.leaveAlone()
  expect([inside, gate.isClosed, opened()]).toEqual([['a', 'b', 'c'], false, 1])
})

test('who came in by a claim that was under way holds up the next suspect', async () => {
  const { gate, inside, suspect, rest } = gateWithSuspects()
  gate.enter()
  suspect('a')
  gate.enter()
  gate.leave()
  await rest()
  expect(inside).toEqual([])
  gate.leave()
  await rest()
  expect(inside).toEqual(['a'])
})
