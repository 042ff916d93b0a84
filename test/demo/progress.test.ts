import { Writable } from 'node:stream'
import type { WriteStream } from 'node:tty'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, expect, test, vi } from 'vitest'
import { app } from '../../demo/app.ts'
import { IndexFile } from '../../demo/jobs.ts'
import { Progress } from '../../demo/progress.ts'

afterEach(() => app.clear())

/** What a progress writes to a stream of this kind, at once and when it is stopped. */
async function written(stream: { isTTY: boolean; columns?: number }): Promise<string[]> {
  const writes: string[] = []
  const sink = new Writable({
    decodeStrings: false,
    write: (text, _encoding, done) => {
      writes.push(text)
      done()
    },
  })
  const progress = new Progress(Object.assign(sink, stream) as unknown as WriteStream)
  await progress.start()
  await progress.stop()
  return writes
}

test.each([200, 80, 40, 20, 5])(
  'on a terminal, it fits on one line of %i columns and is cleared at the end',
  async (columns) => {
    vi.stubEnv('TERM', 'xterm')
    await IndexFile.performBulk(Array.from({ length: 12_345 }, (_, number) => [`${number}/README.md`]))
    const [bar = '', clear] = await written({ isTTY: true, columns })
    const text = stripVTControlCharacters(bar).replace('\r', '')
    expect(text.length).toBeLessThan(columns)
    if (columns >= 40) expect(text).toContain('0/12345  0 running')
    if (columns >= 80) expect(text).toContain('12345 waiting  0 to retry  0/s')
    expect(clear).toBe('\r\x1b[K')
  },
)

test('elsewhere it writes plain lines, the last one at the end', async () => {
  await IndexFile.performAsync('README.md')
  const line = '0 of 1 jobs done, 0 a second: 1 waiting, 0 running, 0 to be retried, 0 failed runs\n'
  expect(await written({ isTTY: false })).toEqual([line, line])
})
