import { Quayside } from 'quayside'
import { memoryStorage } from 'quayside/memory'
import { expect, onTestFinished, test } from 'vitest'
import { nameOf, readBoard } from '../../../demo/web/page/board.ts'

function opened(): Quayside {
  const app = new Quayside({ storage: memoryStorage(), logger: false })
  onTestFinished(() => app.close())
  return app
}

const card = (to: string) => ({ to, text: 'Hello', seconds: 0, refusals: 0 })

test('shows each postcard where it is', async () => {
  const app = opened()
  let hold = (): void => {}
  const running = new Promise<void>((resolve) => {
    hold = resolve
  })
  const Send = app.job('SendPostcard', {
    retryIn: () => '1h',
    async perform({ to }: { to: string }) {
      if (to === 'refused') throw new Error('Closed for lunch.')
      if (to === 'buried') throw new Error('Closed for good.')
      hold()
      await new Promise((resolve) => this.signal.addEventListener('abort', resolve))
    },
  })
  await Send.performAsync(card('refused'))
  await Send.set({ retry: 0 }).performAsync(card('buried'))
  await Send.performAsync(card('running'))
  await Send.performAsync(card('waiting'))
  await Send.performIn('1h', card('later'))
  await app.client.push({
    class: 'SendPostcard',
    args: [card('offline')],
    waiting_for: 'network',
    at: Date.now() / 1_000 + 7_200,
  })
  const worker = app.work({ name: 'amber', concurrency: 1, timeout: '0s' })
  await running
  await worker.quiet()

  const shown = (await readBoard(app)).map(({ to, state, note }) => `${to}: ${state}, ${note}`)
  expect(shown).toEqual([
    'running: running, written by amber',
    'waiting: waiting, waits for its turn',
    expect.stringMatching(/^later: scheduled, at \d/),
    'offline: offline, waits for the network',
    expect.stringMatching(/^refused: retrying, Closed for lunch. Again at \d/),
    'buried: dead, Closed for good. No attempt is left.',
  ])
})

test('a worker is called as its tab is', () => {
  expect(nameOf('amber:0123456789ab')).toBe('amber')
})
