export {
  type CatalogColumn,
  type CatalogFindings,
  type CatalogStat,
  type CatalogTable,
  readCatalog,
} from './catalog.js'
export { endRunResult } from './events/summary-events.js'
export { type ExecuteOptions, executePlan } from './execute-plan.js'
export { type Operation, runOperation } from './operation.js'
export type { BatchResults, FreshnessFinding, RunResult, RunStatus, TimingInfo } from './run-result.js'
