import { expect, test } from 'vitest'
import { withoutSecrets } from '../../../src/cli/config/show.ts'

test.each([
  ['redis://127.0.0.1:6379/2', 'redis://127.0.0.1:6379/2'],
  ['redis://user:secret@cache:6379', 'redis://***@cache:6379'],
  ['rediss://:secret@cache/1?password=secret', 'rediss://***@cache/1'],
  ['/run/redis.sock?password=secret', '/run/redis.sock'],
  ['redis://a:se/cret@cache', '(not shown: this is no url)'],
  ['secret', '(not shown: this is no url)'],
])('%s is shown as %s', (url, shown) => {
  expect(withoutSecrets(url)).toBe(shown)
})
