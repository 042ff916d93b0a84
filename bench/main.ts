// Measures Quayside, and others beside it: npm run bench -- memory

import { commandLine } from './command-line.ts'
import { conditions } from './conditions.ts'
import { type Finding, finding } from './findings.ts'
import { table } from './table.ts'
import { inTurns } from './turns.ts'

try {
  await bench()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

/** A missed target is printed and no failure: how fast this is depends on the machine. A job lost or repeated is one. */
async function bench() {
  const { suite, cases, runs, jobs, json } = commandLine(process.argv.slice(2))
  const about = { suite, runs, ...conditions() }
  const findings: Finding[] = []
  if (!json)
    console.log(
      `${Object.entries(about)
        .map(([name, value]) => `${name}: ${value}`)
        .join('\n')}\n`,
    )
  for (const each of cases) {
    const found = await inTurns(each, { runs, jobs: jobs(each), onRun })
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
    const result = finding(each, jobs(each), found)
    findings.push(result)
    if (!json) console.log(table(result, each))
  }
  const missed = findings.flatMap(({ name, targets }) => targets.filter(({ met }) => met === false).map(() => name))
  if (json) console.log(JSON.stringify({ ...about, findings }))
  else console.log(missed.length === 0 ? 'All targets met' : `Targets missed: ${[...new Set(missed)].join(', ')}`)
}

/** A sign of life. */
function onRun() {
  if (process.stderr.isTTY) process.stderr.write('.')
}
