import { consoleLogger, Quayside } from 'quayside'
import { memoryStorage } from 'quayside/memory'

/**
 * The app: jobs in this process's memory. With `redisStorage(...)` in its place the very same jobs would run in many
 * processes, and the index that they share would have to live in a database too.
 */
export const app = new Quayside({
  storage: memoryStorage(),
  // A failed run is part of this story and shown by the progress and the report; only what is unexpected is logged.
  logger: consoleLogger({ level: 'error' }),
  // A job that fails for a reason it does not name itself has a bug, which trying again will not mend.
  defaults: { retry: 0 },
})
