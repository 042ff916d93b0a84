import { expect, test } from 'vitest'
import { codeBlocks } from './code-blocks.ts'

const page = `# A page

\`\`\`ts
one()
\`\`\`

\`\`\`text output
1
\`\`\`

\`\`\`json
{ "not": "code" }
\`\`\`

\`\`\`ts continue
two()
\`\`\`

\`\`\`text output
2
\`\`\`

\`\`\`ts no-run
three()
\`\`\`
`

test('finds the programs of a page, what they print, and which to run', () => {
  expect(codeBlocks('page.md', page).map(({ name, run, output }) => ({ name, run, output }))).toEqual([
    { name: 'page.md:4', run: true, output: '1' },
    { name: 'page.md:16', run: true, output: '1\n2' },
    { name: 'page.md:24', run: false, output: undefined },
  ])
})

test('keeps every line of a program where it is on the page', () => {
  const lines = page.split('\n')
  for (const { code } of codeBlocks('page.md', page)) {
    for (const [index, line] of code.split('\n').entries()) if (line !== '') expect(line).toBe(lines[index])
  }
})

test('finds JSX, which is compiled as such', () => {
  const blocks = codeBlocks('page.md', '```tsx no-run\n<p />\n```\n```ts\none()\n```')
  expect(blocks.map(({ language }) => language)).toEqual(['tsx', 'ts'])
})

test('what continues a program that cannot run cannot run either', () => {
  const blocks = codeBlocks('page.md', '```ts no-run\none()\n```\n```ts continue\ntwo()\n```')
  expect(blocks.map(({ run }) => run)).toEqual([false, false])
})

test.each(['```ts continue\none()\n```', '```text output\n1\n```'])(
  'refuses what has nothing before it: %s',
  (text) => {
    expect(() => codeBlocks('page.md', text)).toThrow('page.md:2')
  },
)
