import { memoryStorage } from '../../../adapters/memory/index.ts'
import { Quayside } from '../../../src/index.ts'

export const app = new Quayside({ storage: memoryStorage(), logger: false })

export const Welcome = app.job('Welcome', { queue: 'mailers', perform: (_userId: number) => {} })
