// What the browser itself keeps, without the library: one row for each job, in a database of its own.

const STORE = 'acknowledged'

/** Opened anew each time: the browser may close what is open whenever it likes. */
function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('control', 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

/** Resolves when the row is committed: from then on the browser has to have it. */
export async function keep(id: string, durability: IDBTransactionDurability): Promise<void> {
  const database = await open()
  const transaction = database.transaction(STORE, 'readwrite', { durability })
  transaction.objectStore(STORE).put(true, id)
  await new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error)
  })
  database.close()
}

/** All that the browser still has. */
export async function kept(): Promise<string[]> {
  const request = (await open()).transaction(STORE).objectStore(STORE).getAllKeys()
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as string[])
    request.onerror = () => reject(request.error)
  })
}
