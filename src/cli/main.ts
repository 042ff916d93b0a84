#!/usr/bin/env node
import { COMMANDS } from './commands.ts'
import { processTerminal } from './output/terminal.ts'
import { run } from './run.ts'

// `quayside jobs default | head` closes the pipe when it has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

const { env } = process
const code = await run(process.argv.slice(2), {
  commands: COMMANDS,
  env,
  cwd: process.cwd(),
  terminal: processTerminal(),
})
// Not `exitCode`: what a job file left open (a timer, a pool of connections) would keep the process for ever.
process.stdout.write('', () => process.exit(code))
