import { equal, ok } from '../assert.ts'
import { push, raw } from '../jobs.ts'
import { firstKey, queue, textsIn } from '../places.ts'
import { differsOnlyInEnqueuedAt } from '../same-bytes.ts'
import type { Store, Test } from '../store.ts'
import { HOUR, MINUTE } from '../time.ts'
import { givenBack, retried } from '../workers.ts'

const MEGABYTE = 2 ** 20

const proper = (args: string): string => `{"class":"A","args":[${args}],"jid":"a","queue":"default"}`

/** Texts as they may lie in a store that others write to as well. All but the first few are no payloads. */
const TEXTS: Readonly<Record<string, string>> = {
  'a payload with numbers that JavaScript cannot hold': proper('12345678901234567890,1.0,-0,1E400'),
  'a payload with letters of all kinds': proper('"ä 漢 🚲 \u2028\u2029 \\u0000 \\ud83d\\udeb2"'),
  'a payload of a megabyte': proper(`"${'x'.repeat(MEGABYTE)}"`),
  'a payload without jid': '{"class":"A","args":[],"queue":"default"}',
  'a payload whose queue is no name': '{"class":"A","args":[],"jid":"a","queue":{"name":"default"}}',
  'a payload whose queue is empty': '{"class":"A","args":[],"jid":"a","queue":""}',
  'an empty text': '',
  'truncated JSON': '{"class":"A","args":[1,2,{"a":"b',
  'JSON with something behind it': '{"class":"A","args":[],"jid":"a","queue":"default"} and more',
  'JSON that is no object': '[1, 2, "three"]',
  null: 'null',
  'plain words': 'nil',
  'binary bytes': '\u0000\u0001\u0002\u001f\u007f\u0080\u00ff\ufffd\r\n\t\u0004\b',
  'a byte order mark': '\ufeff{"class":"A"}',
  'what other languages might mistake for their own': `]]..'%s$1\\0${'`'}{{}}<!--;--`,
  'a megabyte of nonsense': '\u0000{"'.repeat(MEGABYTE / 3),
}

/** Fails unless the queue holds this one text; a promoted one may carry an `enqueued_at`. Answers what it holds. */
async function waitsIn({ storage }: Store, text: string, promoted: boolean, when: string): Promise<string> {
  const [found, ...others] = await textsIn(storage, queue('default'))
  ok(found !== undefined && others.length === 0, `one job ${when}`)
  if (promoted) ok(differsOnlyInEnqueuedAt(found, text), `no other byte to change ${when}: ${found.slice(0, 200)}`)
  else equal(found, text, `the text ${when}`)
  return found
}

export function bytes(test: Test): void {
  for (const [what, text] of Object.entries(TEXTS)) {
    test(`${what} is claimed, given back and recovered unharmed`, async (store) => {
      const { storage, worker, rescue } = store
      await push(storage, raw('a', text))
      await waitsIn(store, text, false, 'after its push')
      const w = worker('w')
      const claimed = await w.takeOne()
      equal(claimed.text, text, 'the text claimed')
      await w.settle(givenBack(claimed))
      await waitsIn(store, text, false, 'that was given back')
      await w.takeOne()
      await storage.retire('w')
      await waitsIn(store, text, false, 'of a retired worker')
      await worker('lost').takeOne()
      equal((await rescue(worker('rescuer'))).requeued, 1)
      await waitsIn(store, text, false, 'that was recovered')
    })

    test(`${what} is scheduled and promoted unharmed`, async (store) => {
      const { storage, advance } = store
      await push(storage, raw('a', text, MINUTE))
      equal(await textsIn(storage, 'scheduled'), [text])
      await advance(MINUTE)
      equal((await storage.promote(1)).promoted, 1)
      const promoted = await waitsIn(store, text, true, 'that was promoted')
      equal((await store.worker('w').takeOne()).text, promoted)
    })

    test(`${what} is retried, dies and is moved unharmed`, async (store) => {
      const { storage, worker } = store
      await push(storage, raw('a', text))
      const w = worker('w')
      await w.settle(retried(await w.takeOne(), HOUR))
      equal(await textsIn(storage, 'retry'), [text])
      const to = { queue: 'default' }
      await storage.move('retry', [{ key: await firstKey(storage, 'retry'), to }])
      await waitsIn(store, text, false, 'moved from the retry set')
      const { token } = await w.takeOne()
      await w.settle({ token, to: 'dead', tally: 'failed' })
      equal(await textsIn(storage, 'dead'), [text])
      await storage.move('dead', [{ key: await firstKey(storage, 'dead'), to: { set: 'scheduled', delayMs: HOUR } }])
      equal(await textsIn(storage, 'scheduled'), [text])
      await storage.move('scheduled', [{ key: await firstKey(storage, 'scheduled'), to: 'dead' }])
      equal(await storage.remove('dead', [await firstKey(storage, 'dead')]), 1)
    })
  }

  test('bad bytes do not stop the jobs beside them', async ({ storage, worker, advance }) => {
    const texts = Object.values(TEXTS)
    const entries = texts.map((text, index) => raw(`job-${index}`, text, index % 2 === 0 ? 0 : MINUTE))
    await push(storage, ...entries)
    await advance(MINUTE)
    await storage.promote(100)
    equal((await worker('w').claim(100)).length, texts.length)
  })

  test('a document and a match may be bad bytes too', async ({ storage }) => {
    for (const [what, text] of Object.entries(TEXTS)) {
      await storage.writeDocument(what, text, 0)
      equal((await storage.readDocument(what))?.text, text)
    }
    await push(storage, raw('a', '{"class":"A","args":["\u2028'))
    equal((await storage.scan(queue('default'), { limit: 10, match: '["\u2028' })).rows.length, 1)
  })
}
