import { describe, expect, test } from 'vitest'
import { pier } from './support/pier.ts'
import { rest, SECOND } from './support/time.ts'

/** A worker whose storage has others perform, until it is told otherwise. */
async function standingBy() {
  const here = pier()
  const turn = { isOurs: false }
  here.tap.on('beat', async (call) => (turn.isOurs ? call() : { ...(await call()), standby: true }))
  const worker = await here.work()
  return { ...here, worker, turn }
}

describe('on standby', () => {
  test('a worker says so, and that it claims nothing', async () => {
    const { worker } = await standingBy()
    expect(worker.health()).toMatchObject({ status: 'running', claiming: false, standby: true })
  })

  test('it claims as soon as a beat tells that it is its turn', async () => {
    const { worker, turn, pass } = await standingBy()
    turn.isOurs = true
    await pass(4 * SECOND)
    expect(worker.health()).toMatchObject({ claiming: true, standby: false })
  })

  test('it goes on answering signals', async () => {
    const { worker, inner } = await standingBy()
    expect(await (await inner()).signal(worker.id, 'quiet')).toBe(true)
    await rest()
    expect(worker.health()).toMatchObject({ status: 'quiet', claiming: false })
  })

  test('a worker that has not begun is not on standby', () => {
    const { app } = pier()
    expect(app.work().health()).toMatchObject({ status: 'starting', standby: false })
  })
})
