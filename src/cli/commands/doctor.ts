import type { Finding } from '../../storage.ts'
import { APP_OPTIONS, withApp } from '../app/open-app.ts'
import { type Command, command } from '../command.ts'
import { lookAround } from '../doctor/look-around.ts'
import { EXIT } from '../failure.ts'
import { fit } from '../output/fit.ts'
import type { Paint, Style } from '../output/terminal.ts'

const SIGNS: Record<Finding['verdict'], readonly [Style, string]> = {
  good: ['green', 'ok  '],
  warning: ['yellow', 'warn'],
  bad: ['red', 'BAD '],
}

/** Looks for what is wrong, and says what to do. */
export const doctor: Command = command({
  name: 'doctor',
  summary: 'Looks for what is wrong with the store, the workers and the queues',
  usage: 'doctor',
  options: APP_OPTIONS,
  notes: ['It looks and changes nothing. The exit code is 1 when something is bad, and 0 for warnings.'],
  examples: [
    ['doctor --redis redis://localhost:6379', 'a Redis and its users'],
    ['doctor -r ./jobs.js', 'also: who defines the jobs?'],
  ],
  run: (invocation) =>
    withApp(invocation, async (app) => {
      const { terminal, options } = invocation
      const findings = [...(await app.examine()), ...(await lookAround(app))]
      if (options.json) terminal.json(findings)
      else for (const finding of findings) terminal.print(lineOf(finding, terminal.paint))
      return findings.some(({ verdict }) => verdict === 'bad') ? EXIT.failed : EXIT.done
    }),
})

function lineOf({ about, verdict, text, remedy }: Finding, paint: Paint): string {
  const [style, sign] = SIGNS[verdict]
  const advice = remedy ? `\n     ${paint('dim', `-> ${remedy}`)}` : ''
  return `${paint(style, sign)} ${paint('bold', fit(about, 30))}: ${fit(text, 300)}${advice}`
}
