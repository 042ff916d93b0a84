import { expect, test } from 'vitest'
import { parseReadme } from '../../demo/parse-readme.ts'

test('counts the words that a reader sees', () => {
  expect(parseReadme("# Hello\n\nIt's a **bold** [link](https://a.example/b/c) — really.\n").words).toBe(6)
  expect(parseReadme('Some `code` stays\n\n```js\nconst not = counted\n```\n\n<!-- nor this -->').words).toBe(3)
  expect(parseReadme('東京へ行く now').words).toBe(6)
  expect(parseReadme('').words).toBe(0)
})

test('finds headings of all three kinds, in their order', () => {
  const markdown = [
    '<h1 align="center">\n  <a href="https://a.example">Title</a>\n</h1>',
    'Underlined\n==========',
    'Less so\n---',
    '### With `code`, *stress* and [a link](#x) ###',
    '#not a heading',
    '```sh\n# nor this\n```',
    '- item\n---',
    '###### Sixth',
  ].join('\n\n')
  expect(parseReadme(markdown).headings).toEqual([
    { level: 1, text: 'Title' },
    { level: 1, text: 'Underlined' },
    { level: 2, text: 'Less so' },
    { level: 3, text: 'With code, stress and a link' },
    { level: 6, text: 'Sixth' },
  ])
})

test('finds links of all kinds, each once, but no images', () => {
  const markdown = [
    '[![badge](https://img.example/x.svg)](https://ci.example)',
    '![picture](./picture.png) ![by label][badge]',
    '[inline](./docs/a.md "A title") and [parentheses](https://w.example/a_(b))',
    '[by label][one], [two] and [inline](./docs/a.md) again',
    '<https://auto.example/x> and https://bare.example/y.',
    '<a class="x" href="https://html.example">html</a>',
    '`[code](https://code.example)`',
    '[one]: https://one.example',
    '[Two]: <https://two.example>',
    '[badge]: https://img.example/y.svg',
  ].join('\n\n')
  expect(parseReadme(markdown).links).toEqual([
    'https://ci.example',
    './docs/a.md',
    'https://w.example/a_(b)',
    'https://auto.example/x',
    'https://bare.example/y',
    'https://html.example',
    'https://one.example',
    'https://two.example',
  ])
})

test.each([
  ['## License\n\nMIT', 'MIT'],
  ['## Licence\n\nReleased under the [Apache License 2.0](./LICENSE).', 'Apache-2.0'],
  ['License\n=======\n\nBSD 3-Clause', 'BSD-3-Clause'],
  ['We like the MIT licence', null],
  ['## License\n\nAsk our lawyers', null],
])('notes the licence of %j', (markdown, licence) => {
  expect(parseReadme(markdown).licence).toBe(licence)
})

test('takes any line endings', () => {
  expect(parseReadme('# A\r\n\r\n## B\r').headings).toEqual([
    { level: 1, text: 'A' },
    { level: 2, text: 'B' },
  ])
})

test.each(['[', '![', '[a](', '<h1>', '<!--', '`', '```\n', '# ', '*', '(', 'https://', '[a]: '])(
  'is not slowed down by many %j',
  (piece) => {
    const startedAt = performance.now()
    parseReadme(piece.repeat(Math.ceil(40_960 / piece.length)))
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  },
)
