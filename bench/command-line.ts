import { parseArgs } from 'node:util'
import type { Case, Suite, Wishes } from './suite.ts'
import { suites } from './suites/index.ts'

/** What was asked for on the command line. */
export interface Asked {
  readonly suite: Suite
  readonly name: string
  readonly cases: readonly Case[]
  readonly runs: number
  /** How many jobs for a case. */
  readonly jobs: (each: Case) => number
  readonly json: boolean
  readonly wishes: Wishes
}

const HELP = `npm run bench -- ${Object.keys(suites).join('|')} [options]

  --only A,B   only these cases; may be repeated
  --runs N     fresh processes for each (default 5)
  --jobs N     so many jobs in every case
  --quick      2 runs, a tenth of the jobs
  --aof        Redis with an append-only file, written to disk every second
  --json       one JSON object instead of the tables`

/** Reads the command line. Throws an Error whose message says what to type instead. */
export function commandLine(args: string[]): Asked {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      only: { type: 'string', multiple: true },
      runs: { type: 'string' },
      jobs: { type: 'string' },
      quick: { type: 'boolean' },
      aof: { type: 'boolean' },
      json: { type: 'boolean' },
    },
  })
  const name = positionals[0] ?? ''
  const suite = suites[name]
  if (suite === undefined || positionals.length > 1) throw new Error(HELP)
  if (values.aof && !suite.ground) throw new Error(`--aof is about Redis; the suite ${name} has none.`)
  const jobs = values.jobs === undefined ? undefined : whole('--jobs', values.jobs)
  return {
    suite,
    name,
    cases: values.only?.flatMap((only) => only.split(',')).map((only) => caseOf(suite, only)) ?? suite.cases,
    runs: values.runs === undefined ? (values.quick ? 2 : 5) : whole('--runs', values.runs),
    jobs: (each) => jobs ?? (values.quick ? each.jobs / 10 : each.jobs),
    json: values.json ?? false,
    wishes: { aof: values.aof ?? false },
  }
}

function caseOf(suite: Suite, name: string): Case {
  const found = suite.cases.find((each) => each.name === name)
  if (found) return found
  throw new Error(`There is no case ${name}; there are ${suite.cases.map((each) => each.name).join(', ')}.`)
}

function whole(option: string, text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new Error(`${option} takes a whole number above 0; got ${text}.`)
}
