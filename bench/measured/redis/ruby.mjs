import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { find } from '../../../scripts/ready/programs.mjs'

/**
 * How to run a program of `ruby/`: by the Ruby that lies beside Sidekiq. It takes its settings as the measured programs
 * in JavaScript do.
 * @param {string} program
 * @param {object} settings
 */
export function rubyProgram(program, settings) {
  const file = fileURLToPath(new URL(`ruby/${program}`, import.meta.url))
  return { command: join(dirname(find('sidekiq') ?? ''), 'ruby'), args: [file, JSON.stringify(settings)] }
}
