// Measures Quayside, and others beside it: npm run bench -- memory

import { type Asked, commandLine } from './command-line.ts'
import { conditions } from './conditions.ts'
import { type Finding, finding } from './findings.ts'
import { Progress } from './progress.ts'
import type { Case, Ground, Missing } from './suite.ts'
import { table } from './table.ts'
import { inTurns } from './turns.ts'
import { without } from './without.ts'

/** Whoever stops us stops what we started as well: the program that measures, and then the ground. */
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())

try {
  await bench(commandLine(process.argv.slice(2)))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function bench(asked: Asked) {
  const ground = await asked.suite.ground?.(asked.wishes)
  try {
    await onGround(ground, asked)
  } finally {
    await ground?.close()
  }
}

/** A missed target is printed and no failure: how fast this is depends on the machine. A job lost or repeated is one. */
async function onGround(ground: Ground | undefined, asked: Asked) {
  const missing = asked.suite.missing?.()
  const about = aboutRun(asked, ground, missing)
  if (!asked.json) console.log(`${lines(about)}\n`)
  const findings: Finding[] = []
  for (const each of asked.cases.map((one) => without(one, missing?.variants ?? []))) {
    const found = await measure(each, asked, ground)
    findings.push(found)
    if (!asked.json) console.log(table(found, each))
  }
  const missed = findings.flatMap(({ name, targets }) => targets.filter(({ met }) => met === false).map(() => name))
  if (asked.json) console.log(JSON.stringify({ ...about, findings }))
  else console.log(missed.length === 0 ? 'All targets met' : `Targets missed: ${[...new Set(missed)].join(', ')}`)
}

async function measure(each: Case, asked: Asked, ground: Ground | undefined): Promise<Finding> {
  const progress = new Progress(each.name)
  const jobs = asked.jobs(each)
  const runs = Math.min(asked.runs, each.runs ?? asked.runs)
  const found = await inTurns(each, { runs, jobs, ground, signal: stop.signal, onRun: () => progress.step() })
  progress.end()
  return finding(each, jobs, found)
}

/** All that decides about the figures. */
function aboutRun({ suite, name, runs }: Asked, ground: Ground | undefined, missing: Missing | undefined) {
  const settings = Object.entries(suite.settings ?? {}).map(([contender, value]) => {
    return [`settings of ${contender}`, JSON.stringify(value)]
  })
  return {
    suite: name,
    runs,
    ...conditions(suite.packages),
    ...ground?.about,
    ...Object.fromEntries(settings),
    ...(missing && { 'not measured': `${missing.variants.join('; ')}. ${missing.why}` }),
  }
}

function lines(about: Readonly<Record<string, unknown>>): string {
  return Object.entries(about)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')
}
