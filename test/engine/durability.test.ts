import { describe, expect, test } from 'vitest'
import type { Entry } from '../../src/index.ts'
import { pier } from './support/pier.ts'

/** An app, and what reaches its storage, call by call. */
function listening() {
  const here = pier()
  const pushes: (readonly Entry['durability'][])[] = []
  here.tap.on('push', (call, entries) => {
    pushes.push(entries.map(({ durability }) => durability))
    return call()
  })
  return { ...here, pushes }
}

describe('durability', () => {
  test('travels to the storage, of a job or of one enqueue, and no other job pays for it', async () => {
    const { job, pushes } = listening()
    const [plain, careful] = [job('Plain'), job('Careful', { durability: 'strict' })]
    await Promise.all([
      plain.performAsync(),
      careful.performAsync(),
      plain.performAsync(),
      careful.set({ durability: 'relaxed' }).performAsync(),
      careful.performIn('1h'),
    ])
    expect(pushes).toEqual([[undefined, undefined], ['strict', 'strict'], ['relaxed']])
  })

  test('of the app counts for all its jobs that have none', async () => {
    const here = pier({ defaults: { durability: 'strict' } })
    const seen: Entry['durability'][] = []
    here.tap.on('push', (call, entries) => {
      seen.push(...entries.map(({ durability }) => durability))
      return call()
    })
    await here.job('A').performBulk([[1], [2]])
    await here.job('B', { durability: 'relaxed' }).performAsync()
    expect(seen).toEqual(['strict', 'strict', 'relaxed'])
  })

  test('outlives client middleware', async () => {
    const { app, job, pushes } = listening()
    app.use((_, next) => next())
    await job('Careful', { durability: 'strict' }).performAsync()
    expect(pushes).toEqual([['strict']])
  })

  test('is not part of what is stored', async () => {
    const { app, job } = listening()
    await job('Careful', { durability: 'strict' }).performAsync()
    expect((await app.queue('default').page()).jobs[0]?.payload).not.toHaveProperty('durability')
  })
})
