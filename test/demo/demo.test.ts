import { execFileSync } from 'node:child_process'
import { mkdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import type { Index } from '../../demo/index-store.ts'
import { Demo, folderOf } from './run-demo.ts'

// Each test starts a program or two, which takes a while on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const manifest = (name: string): string => JSON.stringify({ name, version: '1.0.0', license: 'MIT' })

const readIndex = async (path: string): Promise<Index> => JSON.parse(await readFile(path, 'utf8'))

/** Files of all shapes: four of them cannot be read. */
async function oddFolder(): Promise<string> {
  const folder = await folderOf({
    'README.md': '# No package\n',
    'good/package.json': manifest('good'),
    'good/README.md': '# Good\n\nSee [the docs](./docs/README.md).\n\n## License\n\nISC\n',
    'good/docs/readme.txt': 'four words are here',
    'good/node_modules/inner/package.json': manifest('inner'),
    'good/README.md.bak': 'not wanted',
    'good/.git/README.md': 'not wanted',
    'latin/package.json': manifest('latin'),
    'latin/README.md': Buffer.from('# Café\n', 'latin1'),
    'big/package.json': manifest('big'),
    'big/README.md': 'x'.repeat(40 * 1024 + 1),
    'fits/README.md': 'x'.repeat(40 * 1024),
    'dangling/package.json': manifest('dangling'),
    'broken/package.json': '{ "name": ',
    'broken/README.md': '# Broken\n',
    'ünï ©ode/日本/package.json': manifest('日本'),
    'ünï ©ode/日本/README.md': '# 日本 \u{1f6a2}\n',
  })
  await symlink('nowhere.md', join(folder, 'dangling/README.md'))
  await symlink('..', join(folder, 'good/loop'))
  await mkdir(join(folder, 'fits/package.json'))
  return folder
}

describe('a whole run', () => {
  test('indexes every file, and tells of those that died', async () => {
    const folder = await oddFolder()
    const out = join(folder, 'index.json')
    const { code, stdout, stderr } = await new Demo(folder, '--out', out).ended

    expect(stderr).toMatch(/^0 of 17 jobs done, 0 a second: /)
    expect(stdout).toContain(`Looking through ${folder}\nIndexing 16 READMEs and package.jsons, 16 at a time\n`)
    expect(stdout).toContain('Indexed 12 files of 7 packages in ')
    expect(stdout).toMatch(/^files +16 +12 +8 +4$/m)
    expect(stdout).toMatch(/^packages +7 +7 +0 +0$/m)
    expect(stdout).toContain('In the dead set, out of retries: 4\n')
    expect(stdout).toContain(`  ${folder}/latin/README.md\n    not UTF-8\n`)
    expect(stdout).toContain(`  ${folder}/big/README.md\n    40.0 KiB, over the limit of 40 KiB\n`)
    expect(stdout).toContain(`  ${folder}/dangling/README.md\n    missing: deleted, or a link to nothing\n`)
    expect(stdout).toContain(`  ${folder}/broken/package.json\n    not JSON\n`)
    expect(stdout.match(/ ms {2}Index/g)).toHaveLength(5)
    expect(stdout).toContain(`The index is in ${out}\n`)
    expect(stdout + stderr).not.toContain('\x1b')
    expect(code).toBe(0)

    const { complete, totals, packages, others } = await readIndex(out)
    expect(complete).toBe(true)
    expect(totals).toMatchObject({ packages: 7, files: 12, failed: 4, licences: { MIT: 6, 'none stated': 1 } })
    expect(packages.map(({ path, name }) => [path.slice(folder.length + 1), name])).toEqual([
      ['big', 'big'],
      ['broken', null],
      ['dangling', 'dangling'],
      ['good', 'good'],
      ['good/node_modules/inner', 'inner'],
      ['latin', 'latin'],
      ['ünï ©ode/日本', '日本'],
    ])
    expect(packages[3]).toEqual({
      path: `${folder}/good`,
      name: 'good',
      version: '1.0.0',
      licence: 'MIT',
      words: 10,
      files: [
        {
          path: `${folder}/good/README.md`,
          words: 6,
          headings: [
            { level: 1, text: 'Good' },
            { level: 2, text: 'License' },
          ],
          links: ['./docs/README.md'],
        },
        { path: `${folder}/good/docs/readme.txt`, words: 4, headings: [], links: [] },
        { path: `${folder}/good/package.json`, words: 0, headings: [], links: [] },
      ],
      failed: [],
    })
    expect(packages[5]?.failed).toEqual([{ path: `${folder}/latin/README.md`, reason: 'not UTF-8' }])
    expect(others.files.map(({ path }) => path)).toEqual([`${folder}/README.md`, `${folder}/fits/README.md`])
  })

  test('writes the same index again', async () => {
    const folder = await oddFolder()
    const outs = ['1.json', '2.json'].map((name) => join(folder, name))
    await Promise.all(outs.map((out) => new Demo(folder, '--out', out).ended))
    const [first, second] = await Promise.all(outs.map((out) => readFile(out, 'utf8')))
    expect(first).toBe(second)
    expect(first).toContain('"complete": true')
  })

  test('of an empty folder is a short one', async () => {
    const folder = await folderOf({})
    const { code, stdout } = await new Demo(folder, '--out', join(folder, 'index.json')).ended
    expect(stdout).toContain('Indexed 0 files of 0 packages in ')
    expect(stdout).toContain('No job died')
    expect(code).toBe(0)
  })
})

describe('stopped', () => {
  /** Its links to nothing keep a run busy for a second at least: they are retried. */
  async function largeFolder(): Promise<string> {
    const readmes = Array.from({ length: 400 }, (_, number) => [`${number}/README.md`, `# ${number}\n`] as const)
    const folder = await folderOf(Object.fromEntries(readmes))
    for (let number = 0; number < 20; number++) await symlink('nowhere', join(folder, `${number}/README.txt`))
    return folder
  }

  test.each([
    { signal: 'SIGINT', exitCode: 130, said: 'Stopped by Ctrl-C' },
    { signal: 'SIGTERM', exitCode: 143, said: 'Stopped by SIGTERM' },
  ] as const)('by $signal, it says what is unfinished and writes what there is', async ({ signal, exitCode, said }) => {
    const folder = await largeFolder()
    const out = join(folder, 'index.json')
    const demo = new Demo(folder, '--out', out)
    await demo.says('of 421 jobs done')
    demo.kill(signal)
    const { code, stdout } = await demo.ended

    expect(stdout).toContain(`${said}: jobs that run may finish.`)
    const count = (pattern: RegExp): number => Number(pattern.exec(stdout)?.[1]?.replaceAll(',', '') ?? 0)
    const waiting = count(/^ {2}([\d,]+) in the queue 'files'$/m) + count(/^ {2}([\d,]+) to be retried$/m)
    const over = count(/^files +420 +([\d,]+)/m) + count(/^files.* ([\d,]+)$/m)
    expect(stdout).toContain('\nUnfinished\n')
    expect(waiting).toBeGreaterThan(0)
    expect(waiting + over).toBe(420)
    expect(stdout).toContain(`The index, as far as it came, is in ${out}\n`)
    expect(code).toBe(exitCode)
    expect((await readIndex(out)).complete).toBe(false)
  })

  test('by a second Ctrl-C, it ends at once', async () => {
    const folder = await largeFolder()
    const out = join(folder, 'pipe')
    execFileSync('mkfifo', [out]) // nobody reads from it, so that writing the index takes for ever
    const demo = new Demo(folder, '--out', out)
    await demo.says('of 421 jobs done')
    demo.kill('SIGINT')
    await demo.says('Stopped by Ctrl-C')
    const again = setInterval(() => demo.kill('SIGINT'), 50)
    const { signal } = await demo.ended.finally(() => clearInterval(again))
    expect(signal).toBe('SIGINT')
  })
})

describe('the command line', () => {
  test('--help tells of it', async () => {
    const { code, stdout } = await new Demo('--help').ended
    expect(stdout).toContain('Usage: npm start')
    expect(code).toBe(0)
  })

  test('a folder that is none is refused in one line', async () => {
    const { code, stdout, stderr } = await new Demo('/no/such/folder').ended
    expect(stderr).toBe('No such folder: /no/such/folder. Try: npm start -- --help\n')
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })
})

test('serves the page until Ctrl-C', async () => {
  const demo = new Demo('web')
  await demo.says(/http:\/\/localhost:\d+\//)
  demo.kill('SIGINT')
  const { code, stdout } = await demo.ended
  expect(stdout).toContain('0 postcards were delivered.')
  expect(code).toBe(0)
})
