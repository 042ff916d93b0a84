import { expect, test } from 'vitest'
import { memoryStorage } from '../../adapters/memory/index.ts'
import { Quayside } from '../../src/index.ts'
import { fake, inline, jobs } from '../../src/testing/index.ts'

// What the Sidekiq wiki shows on its page about testing, in our words.

const app = new Quayside({ storage: memoryStorage(), logger: false })
const sent: number[] = []

const WelcomeMail = app.job('WelcomeMail', {
  queue: 'mailers',
  async perform(userId: number) {
    sent.push(userId)
    return `welcome ${userId}`
  },
})

async function signUp(userId: number): Promise<void> {
  await WelcomeMail.performAsync(userId)
}

test('fake: one job is on the mailers queue, with its argument', async () => {
  await fake(app, async () => {
    await signUp(7)
    expect(jobs(WelcomeMail).length).toBe(1)
    expect(jobs(WelcomeMail).at(-1)?.queue).toBe('mailers')
    expect(jobs(WelcomeMail).at(-1)?.args).toEqual([7])
    expect(sent).toEqual([])
  })
})

test('inline: the effect is there', async () => {
  await inline(app, () => signUp(8))
  expect(sent).toEqual([8])
})

test('direct: perform is a plain function', async () => {
  expect(await WelcomeMail.perform(9)).toBe('welcome 9')
})
