import type { Queue } from '../../inspect/queue.ts'
import { APP_OPTIONS, withApp } from '../app/open-app.ts'
import { type Command, command } from '../command.ts'
import { EXIT } from '../failure.ts'
import { checkedQueue } from '../shelves/queue-name.ts'

/** Makes workers pass over queues. */
export const pause: Command = turning('pause', 'Makes workers pass over queues; jobs can still be enqueued', (queue) =>
  queue.pause(),
)

/** Makes workers serve queues again. */
export const resume: Command = turning('resume', 'Makes workers serve paused queues again', (queue) => queue.resume())

function turning(name: 'pause' | 'resume', summary: string, turn: (queue: Queue) => Promise<void>): Command {
  return command({
    name,
    summary,
    usage: `${name} QUEUE ...`,
    options: APP_OPTIONS,
    operands: [1, Number.POSITIVE_INFINITY],
    notes: ["Ruby's workers do not know of pauses: they go on."],
    examples: [[`${name} mailers`, `one queue; ${name} mailers low would be two`]],
    run: (invocation) =>
      withApp(invocation, async (app) => {
        const { options, operands, terminal } = invocation
        for (const queue of operands.map(checkedQueue)) await turn(app.queue(queue))
        const paused = (await app.queues()).filter((queue) => queue.paused).map((queue) => queue.name)
        if (options.json) terminal.json({ paused })
        else terminal.print(paused.length > 0 ? `Paused: ${paused.join(', ')}.` : 'No queue is paused.')
        return EXIT.done
      }),
  })
}
