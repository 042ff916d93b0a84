import { equal } from '../assert.ts'
import type { Test } from '../store.ts'
import { HOUR, MINUTE, SECOND, SLACK } from '../time.ts'

export function locks(test: Test): void {
  test('the first who asks has the lock, and all hear who', async ({ storage, connect }) => {
    equal(await storage.lock('key', 'first', HOUR), 'first')
    equal(await (await connect()).lock('key', 'second', HOUR), 'first')
    equal(await storage.lock('other key', 'second', HOUR), 'second')
  })

  test('a lock ends after its time', async ({ storage, advance }) => {
    await storage.lock('key', 'first', HOUR)
    await advance(HOUR - SLACK)
    equal(await storage.lock('key', 'second', HOUR), 'first')
    await advance(SLACK + SECOND)
    equal(await storage.lock('key', 'second', HOUR), 'second')
  })

  test('its owner renews it by asking again; asking in vain renews nothing', async ({ storage, advance }) => {
    await storage.lock('key', 'first', HOUR)
    await advance(HOUR / 2)
    equal(await storage.lock('key', 'first', HOUR), 'first')
    await advance(HOUR - SLACK)
    equal(await storage.lock('key', 'second', HOUR), 'first')
    await advance(SLACK + SECOND)
    equal(await storage.lock('key', 'second', HOUR), 'second')
  })

  test('its owner may also shorten it', async ({ storage, advance }) => {
    await storage.lock('key', 'first', HOUR)
    await storage.lock('key', 'first', MINUTE)
    await advance(MINUTE + SECOND)
    equal(await storage.lock('key', 'second', HOUR), 'second')
  })

  test('only its owner frees it', async ({ storage }) => {
    await storage.lock('key', 'first', HOUR)
    equal(await storage.unlock('key', 'second'), false)
    equal(await storage.lock('key', 'second', HOUR), 'first')
    equal(await storage.unlock('key', 'first'), true)
    equal(await storage.unlock('key', 'first'), false)
    equal(await storage.lock('key', 'second', HOUR), 'second')
  })

  test('a lock that nobody has cannot be freed', async ({ storage, advance }) => {
    equal(await storage.unlock('key', 'first'), false)
    await storage.lock('key', 'first', MINUTE)
    await advance(MINUTE + SECOND)
    equal(await storage.unlock('key', 'first'), false)
  })

  test('of many who ask at once one has it', async ({ storage, connect }) => {
    const connections = [storage, await connect(), await connect()]
    const askers = Array.from({ length: 30 }, (_, n) => ({
      storage: connections[n % 3] ?? storage,
      owner: `asker-${n}`,
    }))
    const answers = await Promise.all(askers.map((asker) => asker.storage.lock('key', asker.owner, HOUR)))
    equal(new Set(answers).size, 1, 'the number of owners')
  })
}
