import { equal, ok } from '../assert.ts'
import type { Store, Test } from '../store.ts'
import { DAY, HOUR, SECOND, SLACK } from '../time.ts'

type Storage = Store['storage']

async function versionOf(storage: Storage): Promise<number> {
  return (await storage.readDocument('doc'))?.version ?? 0
}

/** Adds 1 to the number in the document, however often that takes. */
async function increment(storage: Storage): Promise<void> {
  for (let attempt = 0; attempt < 1_000; attempt++) {
    const { text, version } = (await storage.readDocument('doc')) ?? { text: '0', version: 0 }
    if (await storage.writeDocument('doc', String(Number(text) + 1), version)) return
  }
  throw new Error('The document could not be written a thousand times.')
}

export function documents(test: Test): void {
  test('a document is read as it was written, by every connection', async ({ storage, connect, advance }) => {
    equal(await storage.readDocument('doc'), undefined)
    equal(await storage.writeDocument('doc', '{"a": 1.0}', 0), true)
    await advance(400 * DAY)
    equal((await (await connect()).readDocument('doc'))?.text, '{"a": 1.0}')
    equal(await storage.readDocument('other'), undefined)
  })

  test('an empty text is a document', async ({ storage }) => {
    equal(await storage.writeDocument('doc', '', 0), true)
    equal((await storage.readDocument('doc'))?.text, '')
  })

  test('the version grows with each write', async ({ storage }) => {
    let last = 0
    for (const text of ['a', 'b', 'b']) {
      equal(await storage.writeDocument('doc', text, last), true)
      const version = await versionOf(storage)
      ok(version > last, `a version above ${last}, and got ${version}`)
      last = version
    }
  })

  test('whoever is late changes nothing', async ({ storage }) => {
    await storage.writeDocument('doc', 'first', 0)
    const version = await versionOf(storage)
    await storage.writeDocument('doc', 'second', version)
    equal(await storage.writeDocument('doc', 'late', version), false)
    equal(await storage.writeDocument('doc', undefined, version), false)
    equal(await storage.writeDocument('doc', 'late', 0), false)
    equal(await storage.writeDocument('none', 'late', 7), false)
    equal((await storage.readDocument('doc'))?.text, 'second')
    equal(await storage.readDocument('none'), undefined)
  })

  test('a document is deleted, and can be made again', async ({ storage }) => {
    await storage.writeDocument('doc', 'first', 0)
    equal(await storage.writeDocument('doc', undefined, await versionOf(storage)), true)
    equal(await storage.readDocument('doc'), undefined)
    equal(await storage.writeDocument('doc', 'second', 0), true)
    equal((await storage.readDocument('doc'))?.text, 'second')
  })

  test('a document made again is not taken for the one before', async ({ storage }) => {
    await storage.writeDocument('doc', 'first', 0)
    const version = await versionOf(storage)
    await storage.writeDocument('doc', undefined, version)
    await storage.writeDocument('doc', 'second', 0)
    equal(await storage.writeDocument('doc', 'late', version), false)
    equal((await storage.readDocument('doc'))?.text, 'second')
  })

  test('a document may end some time after its last write', async ({ storage, advance }) => {
    await storage.writeDocument('doc', 'first', 0, HOUR)
    const first = await versionOf(storage)
    await advance(HOUR / 2)
    equal(await storage.writeDocument('doc', 'second', first, HOUR), true)
    const second = await versionOf(storage)
    await advance(HOUR - SLACK)
    equal((await storage.readDocument('doc'))?.text, 'second')
    await advance(SLACK + SECOND)
    equal(await storage.readDocument('doc'), undefined)
    equal(await storage.writeDocument('doc', 'late', second), false)
    equal(await storage.writeDocument('doc', 'third', 0), true)
    ok(![first, second].includes(await versionOf(storage)), 'a version that it has not had')
  })

  test('a document whose last write names no end has none', async ({ storage, advance }) => {
    await storage.writeDocument('doc', 'first', 0, HOUR)
    await storage.writeDocument('doc', 'second', await versionOf(storage))
    await advance(DAY)
    equal((await storage.readDocument('doc'))?.text, 'second')
  })

  test('of twenty who write at once none is overwritten', async ({ storage, connect }) => {
    const connections = [storage, await connect(), await connect(), await connect()]
    await Promise.all(Array.from({ length: 20 }, (_, n) => increment(connections[n % 4] ?? storage)))
    equal((await storage.readDocument('doc'))?.text, '20')
  })
}
