import { deflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { visiting } from '../visiting.ts'

/** A dashboard with one job in one queue, as another program may have stored it. */
async function withJob(queue: string, fields: Readonly<Record<string, unknown>>) {
  const here = visiting()
  const text = JSON.stringify({ class: 'Work', jid: 'a', queue, args: [], ...fields })
  await (await here.inner()).push([{ jid: 'a', queue, text, delayMs: 0 }], { client: 'test', number: 1 })
  return here
}

const addressesOn = (document: Document): string[] =>
  [...document.querySelectorAll('main table a, main .warnings a')].map((link) => link.getAttribute('href') as string)

test('a stack that inflates to megabytes makes no page of megabytes', async () => {
  const stack = deflateSync(JSON.stringify(['at x'.repeat(1_000_000)])).toString('base64')
  expect(stack.length).toBeLessThan(20_000)
  const { get, see } = await withJob('mail', { error_class: 'Error', error_message: '', error_backtrace: stack })
  const [address] = addressesOn((await see('/queues/mail')) as never)
  const text = await (await get(address as string)).text()
  expect(text).toContain('at xat x')
  expect(text.length).toBeLessThan(200_000)
})

test.each(['.', '..', '__proto__', 'constructor', '-', ':', 'a/b', 'ä', '\ud800'])(
  'a queue called %j leads to its own page, or to none',
  async (queue) => {
    const { see } = await withJob(queue, {})
    const addresses = addressesOn((await see('/queues')) as never)
    for (const address of addresses) {
      const normal = new URL(address, 'http://localhost').pathname
      expect((await see(normal)).querySelector('h1')?.textContent).toBe(`Queue ${queue}`)
    }
    expect(addresses.length).toBe(/^[a-z_:-]+$/.test(queue) ? 2 : 0)
  },
)
