export { configuredStorage } from './configured-storage.ts'
export {
  type Config,
  type ConfigCapsule,
  type ConfigCron,
  type ConfigRedis,
  type ConfigSection,
  defineConfig,
} from './define-config.ts'
