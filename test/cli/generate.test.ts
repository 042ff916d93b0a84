import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { dist } from '../../scripts/ready/dist.mjs'
import { root } from '../../scripts/ready/program.mjs'
import { namesOf } from '../../src/cli/generate/names.ts'
import { QuaysideProcess, quayside } from './quayside.ts'

beforeAll(() => dist())

/** A project that has installed us, and whatever we have. */
function project(manifest: object, files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'quayside-project-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'node_modules'))
  for (const name of ['typescript', '@types', 'vitest', 'ioredis']) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  }
  symlinkSync(root, join(folder, 'node_modules/quayside'))
  for (const [path, text] of Object.entries({ 'package.json': JSON.stringify(manifest), ...files })) {
    writeFileSync(join(folder, path), text)
  }
  return folder
}

function runIn(folder: string, program: string, ...args: string[]): string {
  return execFileSync(program, args, { cwd: folder, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } })
}

test('in JavaScript: the job performs, its test passes, and a worker starts', async () => {
  const folder = project({ type: 'module' })
  const { stdout, exit } = await quayside(['generate', 'job', 'TaskLogger', '-q', 'low'], { cwd: folder })
  expect([exit, stdout.trim().split('\n')]).toEqual([
    0,
    [
      'created jobs/task-logger.js',
      'created jobs/task-logger.test.js',
      'created quayside.app.js',
      'created quayside.jobs.js',
    ],
  ])
  expect(runIn(folder, process.execPath, '--test', 'jobs/task-logger.test.js')).toContain('# pass 1')
  await quayside(['generate', 'job', 'send-mail'], { cwd: folder })
  expect(readFileSync(join(folder, 'quayside.jobs.js'), 'utf8')).toBe(
    "import './jobs/send-mail.js'\nimport './jobs/task-logger.js'\n\nexport { app } from './quayside.app.js'\n",
  )
})

test('in TypeScript with vitest: the files compile strictly, and the test passes', async () => {
  const options = {
    strict: true,
    module: 'nodenext',
    target: 'es2023',
    noEmit: true,
    allowImportingTsExtensions: true,
    types: ['node'],
  }
  const folder = project(
    { type: 'module', devDependencies: { vitest: '*', typescript: '*' } },
    { 'tsconfig.json': JSON.stringify({ compilerOptions: options, include: ['*.ts', 'jobs'] }) },
  )
  await quayside(['init'], { cwd: folder })
  await quayside(['generate', 'job', 'Charge'], { cwd: folder })
  runIn(folder, process.execPath, 'node_modules/typescript/bin/tsc', '-p', '.')
  expect(runIn(folder, process.execPath, 'node_modules/vitest/vitest.mjs', 'run')).toMatch(/2 passed/)
}, 60_000)

test('writes over nothing unless it is told to', async () => {
  const folder = project({})
  await quayside(['init'], { cwd: folder })
  writeFileSync(join(folder, 'quayside.app.mjs'), '// mine')
  writeFileSync(join(folder, 'jobs/hello.mjs'), '// mine')
  const refused = await quayside(['generate', 'job', 'hello'], { cwd: folder })
  expect([refused.exit, refused.stderr]).toEqual([
    1,
    'error: jobs/hello.mjs, jobs/hello.test.mjs is there already; --force writes over it\n',
  ])
  expect(readFileSync(join(folder, 'jobs/hello.mjs'), 'utf8')).toBe('// mine')
  await quayside(['init'], { cwd: folder })
  expect(readFileSync(join(folder, 'quayside.app.mjs'), 'utf8')).toBe('// mine')
  await quayside(['generate', 'job', 'hello', '--force'], { cwd: folder })
  expect(readFileSync(join(folder, 'jobs/hello.mjs'), 'utf8')).toContain("app.job('Hello'")
})

test('a worker performs what was written', async () => {
  const folder = project({ type: 'module' })
  await quayside(['init'], { cwd: folder })
  writeFileSync(
    join(folder, 'try.js'),
    "import { Hello } from './jobs/hello.js'\nexport { app } from './quayside.jobs.js'\nawait Hello.performAsync('Ada')\n",
  )
  const worker = new QuaysideProcess(['work', '-r', './try.js'], { cwd: folder })
  onTestFinished(() => worker.kill())
  await worker.says('performed')
  worker.signal('SIGTERM')
  expect(await worker.ended()).toBe(0)
})

test.each(['', '1job', 'a/b', '../x', 'Job;', 'é'])('%j is no name of a job', async (name) => {
  const folder = project({})
  const { exit } = await quayside(['generate', 'job', name], { cwd: folder })
  expect(exit).toBe(2)
  expect(existsSync(join(folder, 'jobs'))).toBe(false)
})

test.each(['TaskLogger', 'task-logger', 'task_logger', 'taskLogger'])('%s is TaskLogger in task-logger', (given) => {
  expect(namesOf(given)).toEqual({ job: 'TaskLogger', file: 'task-logger' })
})
