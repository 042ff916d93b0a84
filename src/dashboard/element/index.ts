export { DashboardElement, defineDashboardElement } from './element.ts'
