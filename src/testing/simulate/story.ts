import { short } from './chronicle.ts'
import { NO_FAULTS, type Plan } from './plan.ts'
import { Violation } from './violation.ts'
import type { World } from './world.ts'

/** So many of the last lines are told, whatever they are about. */
const LAST_LINES = 25

/** Lines that are about no job, and explain what happens to all of them. */
const EVENTFUL =
  /starts|crashes|freezes|goes on|stops|has stopped|clock|cannot be reached|falls over|all faults|pause |takes /

/** What happened in a run that failed, for a person to read. */
export function storyOf<Jobs>({ seed, plan, chronicle, failure }: World<Jobs>, again: string): string {
  const jids = failure instanceof Violation ? failure.jids.map(short).filter((jid) => jid !== '') : []
  const { lines } = chronicle
  const about = lines.filter((line, index) => {
    return index >= lines.length - LAST_LINES || EVENTFUL.test(line) || jids.some((jid) => line.includes(jid))
  })
  return [
    `seed ${seed}: ${failure?.message}`,
    ...(jids.length > 0 ? [`jobs: ${jids.join(', ')}`] : []),
    `plan: ${describe(plan)}`,
    '',
    ...about,
    '',
    `again: ${again}`,
  ].join('\n')
}

function describe({ faults, ...rest }: Plan): string {
  const on = Object.entries(faults).filter(([name, value]) => value !== NO_FAULTS[name as keyof typeof NO_FAULTS])
  return [...Object.entries(rest), ...on].map(([name, value]) => `${name} ${rounded(value)}`).join(', ')
}

const rounded = (value: unknown): unknown => (typeof value === 'number' ? Number(value.toPrecision(3)) : value)
