import { linkSuite } from './link-suite.ts'

linkSuite('ioredis 6 and RESP2', { protocol: 2 })
linkSuite('ioredis 6 and RESP3', { protocol: 3 })
