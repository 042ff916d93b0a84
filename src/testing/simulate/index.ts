export type { Here, Scenario } from './here.ts'
export { type Faults, NO_FAULTS } from './plan.ts'
export { type Failure, type SimulateOptions, type Simulation, simulate } from './simulate.ts'
export { Violation } from './violation.ts'
