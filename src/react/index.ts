export { QuaysideProvider, type QuaysideProviderProps, useQuayside } from './provider.ts'
export { type Enqueuing, useEnqueue } from './use-enqueue.ts'
export { useCounts, useJob, useQueue } from './use-watched.ts'
