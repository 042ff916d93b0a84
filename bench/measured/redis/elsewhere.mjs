import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/**
 * Starts another measured process beside this one, and waits until it is ready: it says so by a message.
 * @param {string} program in this folder
 * @param {object} settings
 */
export async function elsewhere(program, settings) {
  const file = fileURLToPath(new URL(program, import.meta.url))
  const child = fork(file, [JSON.stringify(settings)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] })
  child.once('exit', (code) => {
    if (code) throw new Error(`${program} ended with ${code}.`)
  })
  await once(child, 'message')
  return {
    /** Lets it go on; when it has ended, answers what it said at last. @returns {Promise<unknown>} */
    goOn: async () => {
      child.send('go on')
      const [[answer]] = await Promise.all([once(child, 'message'), once(child, 'exit')])
      return answer
    },
  }
}

/**
 * The other side. What `prepare` answers is called when the other process says so; then this one ends, and at the
 * latest with the other.
 * @template Settings
 * @param {(settings: Settings) => Promise<() => Promise<unknown>>} prepare
 */
export async function beside(prepare) {
  process.once('disconnect', () => process.exit())
  const goOn = await prepare(JSON.parse(process.argv[2] ?? '{}'))
  const asked = once(process, 'message')
  process.send?.('ready')
  await asked
  process.send?.((await goOn()) ?? null, () => process.exit())
}
