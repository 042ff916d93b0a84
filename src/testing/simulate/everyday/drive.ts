import { hasCode } from '../../../errors.ts'
import type { Here } from '../here.ts'
import { actions, type Client } from './actions.ts'
import type { EverydayJobs } from './jobs.ts'

/** Does one thing after the other, or several at once, until all is healed. */
export async function drive(here: Here, jobs: EverydayJobs): Promise<void> {
  const client: Client = { here, jobs, known: [] }
  while (!here.isHealed) {
    await here.sleep({ milliseconds: -Math.log(1 - here.random()) * 1_500 })
    const many = here.random() < 0.3 ? 4 : 1
    await Promise.all(Array.from({ length: many }, () => act(client)))
  }
}

async function act(client: Client): Promise<void> {
  const action = actions[Math.floor(client.here.random() * actions.length)]
  try {
    await action?.(client)
  } catch (error) {
    // The client was told: it may be stored or not, and nobody was promised anything.
    if (!hasCode(error, 'ERR_STORAGE_UNAVAILABLE')) throw error
  }
}
