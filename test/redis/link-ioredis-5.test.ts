import { vi } from 'vitest'
import { linkSuite } from './link-suite.ts'

vi.mock('ioredis', () => import('ioredis-5'))

linkSuite('ioredis 5', {})
