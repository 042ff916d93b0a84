export { redisStorage } from './open-redis.ts'
export type { RedisStorageOptions, SidekiqVersion } from './options.ts'
