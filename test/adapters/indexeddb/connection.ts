import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { purge } from '../../../adapters/indexeddb/index.ts'
import { UPGRADES, type Upgrade } from '../../../adapters/indexeddb/schema.ts'
import { memoryStorage } from '../../../adapters/memory/index.ts'
import { job, push } from '../../conformance/jobs.ts'
import { waiting } from '../../conformance/places.ts'
import { done, TestWorker } from '../../conformance/workers.ts'
import { FakeLocalStorage } from './page.ts'
import { answer, type Platform, Site } from './platform.ts'

/** A factory that does all that the real one does, but for what is given. */
function factoryWith({ indexedDB }: Platform, open: IDBFactory['open']): IDBFactory {
  return { open, deleteDatabase: indexedDB.deleteDatabase.bind(indexedDB) } as IDBFactory
}

/** Remembers all handles that were opened. */
function watched(platform: Platform) {
  const requests: IDBOpenDBRequest[] = []
  const indexedDB = factoryWith(platform, (name, version) => {
    const request = platform.indexedDB.open(name, version)
    requests.push(request)
    return request
  })
  return { indexedDB, requests }
}

const serverLost = () =>
  new DOMException('Connection to Indexed Database server lost. Refresh the page to try again', 'UnknownError')

/** The next commit goes as told; those after it as ever. */
function nextCommit(does: (transaction: IDBTransaction, commit: () => void) => void): void {
  const { commit } = IDBTransaction.prototype
  const stub = vi.spyOn(IDBTransaction.prototype, 'commit').mockImplementationOnce(function (this: IDBTransaction) {
    does(this, () => commit.call(this))
  })
  onTestFinished(() => stub.mockRestore())
}

/** Has it end as Safari's do when its server is gone. */
function loseServer(transaction: IDBTransaction): void {
  Object.defineProperty(transaction, 'error', { value: serverLost() })
  transaction.onabort?.call(transaction, new Event('abort'))
}

export function connectionTests(platform: Platform): void {
  describe('a connection', () => {
    test('that was closed is opened again, and nobody notices', async () => {
      const site = new Site(platform)
      const { indexedDB, requests } = watched(platform)
      const storage = await site.open({ indexedDB })
      await push(storage, job('a'))
      requests[0]?.result.close()
      await push(storage, job('b'))
      expect(await waiting(storage)).toEqual(['a', 'b'])
      expect([requests.length, site.lost]).toEqual([2, []])
    })

    test('that the browser closes with its storage is opened again, and the loss is told', async () => {
      const site = new Site(platform)
      const { indexedDB, requests } = watched(platform)
      const storage = await site.open({ indexedDB })
      await push(storage, job('a'))
      const [handle] = requests
      // What a browser does that takes the site's data away: the handle is closed, then the database is gone.
      handle?.result.close()
      await answer(platform.indexedDB.deleteDatabase(site.database))
      await push(storage, job('b'))
      expect(await waiting(storage)).toEqual(['b'])
      expect(site.lost).toEqual(['lost'])
    })

    test('lets go of a database that is deleted, and goes on with an empty one', async () => {
      const site = new Site(platform)
      const storage = await site.open()
      const w = new TestWorker(storage, 'w')
      await push(storage, job('a'))
      const a = await w.takeOne()
      await purge(site.namespace, platform)
      expect((await w.settle(done(a))).refused).toEqual([a.token])
      expect(await w.claim(5)).toEqual([])
      expect(site.lost).toEqual(['lost'])
    })

    test('whose server was lost before the commit has done nothing, and does it once more', async () => {
      const site = new Site(platform)
      const storage = await site.open()
      nextCommit((transaction) => transaction.abort())
      await push(storage, job('a'))
      expect(await waiting(storage)).toEqual(['a'])
    })

    test('whose server was lost behind the commit does not store a job twice', async () => {
      const site = new Site(platform)
      const storage = await site.open()
      nextCommit((transaction, commit) => {
        transaction.oncomplete = () => loseServer(transaction)
        commit()
      })
      await push(storage, job('a'))
      expect(await waiting(storage)).toEqual(['a'])
    })

    test('that is lost and does not come back leaves open whether the commit happened', async () => {
      const site = new Site(platform)
      let opens = 0
      const indexedDB = factoryWith(platform, (name, version) => {
        if (++opens > 1) throw new DOMException('The operation is insecure.', 'SecurityError')
        return platform.indexedDB.open(name, version)
      })
      const storage = await site.open({ indexedDB })
      nextCommit((transaction, commit) => {
        transaction.oncomplete = () => loseServer(transaction)
        commit()
      })
      await expect(push(storage, job('a'))).rejects.toMatchObject({
        code: 'ERR_STORAGE_UNAVAILABLE',
        outcome: 'unknown',
      })
      await expect(push(storage, job('b'))).rejects.toMatchObject({ outcome: 'none' })
    })

    test('that was left with an unknown outcome stores a repeated push once', async () => {
      const site = new Site(platform)
      let isAway = false
      const indexedDB = factoryWith(platform, (name, version) => {
        if (isAway) throw serverLost()
        return platform.indexedDB.open(name, version)
      })
      const storage = await site.open({ indexedDB })
      nextCommit((transaction, commit) => {
        isAway = true
        transaction.oncomplete = () => loseServer(transaction)
        commit()
      })
      const id = { client: 'client', number: 1 }
      await expect(storage.push([job('a')], id)).rejects.toMatchObject({ outcome: 'unknown' })
      isAway = false
      expect(await storage.push([job('a')], id)).toEqual([])
      expect(await waiting(storage)).toEqual(['a'])
    })

    test('gives way to a newer version, and says what to do', async () => {
      const site = new Site(platform)
      const storage = await site.open()
      const newer = await site.raw(UPGRADES.length + 1)
      expect(newer.version).toBe(UPGRADES.length + 1)
      await expect(push(storage, job('a'))).rejects.toMatchObject({
        code: 'ERR_STORAGE_UNAVAILABLE',
        outcome: 'none',
        message: expect.stringContaining('reload'),
      })
    })

    test('that does not open in time is tried a second time', async () => {
      const site = new Site(platform)
      let opens = 0
      const indexedDB = factoryWith(platform, (name, version) => {
        return ++opens === 1 ? hanging(platform) : platform.indexedDB.open(name, version)
      })
      const opening = site.open({ indexedDB })
      await vi.waitFor(() => expect(site.clock.waiting).toBe(1))
      await site.clock.advance(10_000)
      expect(await waiting(await opening)).toEqual([])
      expect([opens, site.clock.waiting]).toEqual([2, 0])
    })

    test('that never opens is an error, in bounded time', async () => {
      const site = new Site(platform)
      const opening = site.open({ indexedDB: factoryWith(platform, () => hanging(platform)), openWithin: '3s' })
      const outcome = expect(opening).rejects.toMatchObject({ code: 'ERR_STORAGE_UNAVAILABLE', outcome: 'none' })
      for (let attempt = 0; attempt < 2; attempt++) {
        await vi.waitFor(() => expect(site.clock.waiting).toBe(1))
        await site.clock.advance(3_000)
      }
      await outcome
    })

    test('that an older tab blocks is told apart, and opens when that tab is gone', async () => {
      const site = new Site(platform)
      await (await site.open()).close()
      const older = await site.raw()
      const next: Upgrade = (database) => database.createObjectStore('new')
      const opening = site.open({}, [...UPGRADES, next])
      const outcome = expect(opening).rejects.toMatchObject({
        code: 'ERR_STORAGE_UNAVAILABLE',
        message: expect.stringContaining('another tab'),
      })
      for (let attempt = 0; attempt < 2; attempt++) {
        await new Promise((resolve) => setTimeout(resolve, 50))
        await vi.waitFor(() => expect(site.clock.waiting).toBe(1))
        await site.clock.advance(10_000)
      }
      await outcome
      older.close()
      const storage = await site.open({}, [...UPGRADES, next])
      expect(await waiting(storage)).toEqual([])
    })
  })

  describe('a database that was lost while no page was open', () => {
    /** What a browser does that deletes IndexedDB, and nothing else. */
    async function lose(site: Site): Promise<void> {
      await answer(platform.indexedDB.deleteDatabase(site.database))
    }

    test('is told of by the next page, once', async () => {
      const [site, localStorage] = [new Site(platform), new FakeLocalStorage()]
      await (await site.open({ localStorage })).close()
      const before = await site.open({ localStorage })
      await push(before, job('a'))
      await before.close()
      expect(site.lost).toEqual([])
      await lose(site)
      const after = await site.open({ localStorage })
      expect(site.lost).toEqual(['lost'])
      await push(after, job('b'))
      await after.close()
      await push(await site.open({ localStorage }), job('c'))
      expect(site.lost).toEqual(['lost'])
    })

    test('is told of also when somebody without a memory has made it anew', async () => {
      const [site, localStorage] = [new Site(platform), new FakeLocalStorage()]
      await (await site.open({ localStorage })).close()
      await lose(site)
      await (await site.open()).close()
      const page = await site.open({ localStorage })
      await push(page, job('a'))
      expect(site.lost).toEqual(['lost'])
    })

    test('is not told of after a purge', async () => {
      const [site, localStorage] = [new Site(platform), new FakeLocalStorage()]
      await (await site.open({ localStorage })).close()
      expect(localStorage.items.size).toBe(1)
      await purge(site.namespace, { ...platform, localStorage })
      expect(localStorage.items.size).toBe(0)
      await site.open({ localStorage })
      expect(site.lost).toEqual([])
    })

    test('cannot be told of where localStorage is refused', async () => {
      const refuse = () => {
        throw new DOMException('The operation is insecure.', 'SecurityError')
      }
      const site = new Site(platform)
      const localStorage = { getItem: refuse, setItem: refuse, removeItem: refuse }
      const storage = await site.open({ localStorage })
      await push(storage, job('a'))
      await storage.close()
      await lose(site)
      await push(await site.open({ localStorage }), job('b'))
      await purge(site.namespace, { ...platform, localStorage })
      expect(site.lost).toEqual([])
    })
  })

  describe('without IndexedDB', () => {
    const absent = { indexedDB: undefined as unknown as IDBFactory }
    const refusing = {
      indexedDB: factoryWith(platform, () => {
        throw new DOMException('The operation is insecure.', 'SecurityError')
      }),
    }

    test('there is an error that says what to do', async () => {
      const site = new Site(platform)
      vi.stubGlobal('indexedDB', undefined)
      onTestFinished(() => void vi.unstubAllGlobals())
      await expect(site.open(absent)).rejects.toMatchObject({
        code: 'ERR_OPTION',
        message: expect.stringContaining('otherwise: memoryStorage()'),
      })
    })

    test('a browser that refuses it is unavailable', async () => {
      await expect(new Site(platform).open(refusing)).rejects.toMatchObject({
        code: 'ERR_STORAGE_UNAVAILABLE',
        outcome: 'none',
        message: expect.stringContaining('refuses'),
      })
    })

    test('jobs go elsewhere by choice', async () => {
      const storage = await new Site(platform).open({ ...refusing, otherwise: memoryStorage() })
      await push(storage, job('a'))
      expect(await waiting(storage)).toEqual(['a'])
    })
  })
}

/** A request of which nobody ever hears. */
function hanging({ indexedDB }: Platform): IDBOpenDBRequest {
  const request = indexedDB.open('never')
  request.addEventListener = () => {}
  request.onsuccess = () => request.result.close()
  return request
}
