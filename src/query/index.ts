/** The one query service. Only this file is for other rooms. */
export type { Cell, CellList, CellRecord, Decimal, Dialect } from '../adapters/adapter.js'
export { decimalAt, textAt } from '../adapters/vectors.js'
export type {
  CompiledColumn,
  DimensionSummary,
  DimensionValuesRequest,
  EntitySummary,
  ListRequest,
  MetricQuery,
  MetricSummary,
  SavedQuerySummary,
} from '../semantic/index.js'
export { readMetricQuery } from '../semantic/index.js'
export { asOwner } from './as-owner.js'
export type { Ground, Warehouse } from './ground.js'
export { type Identity, isLoopback } from './identity/identity.js'
export { openIdentity } from './identity/open-identity.js'
export { checkPassword, formatVerifier, makeVerifier, parseVerifier, type ScramVerifier } from './identity/scram.js'
export { hashToken, newToken } from './identity/tokens.js'
export { callerKey } from './policies/audience.js'
export { readGuardFile } from './policies/policy-file.js'
export { allResources } from './policies/visible-resources.js'
export { requireGround } from './proof.js'
export { fileLog, type QueryLogEntry } from './query-log.js'
export { readAnswer } from './read-answer.js'
export { createQueryService, type ManagedQueryService, type QueryServiceOptions } from './service.js'
export {
  type Answer,
  type AnswerBatch,
  type AnswerColumn,
  type AnswerVector,
  type AskOptions,
  type Caller,
  type Catalogue,
  type Explanation,
  type Limits,
  OWNER,
  type ProjectView,
  type Proof,
  type ProofNode,
  type QueryService,
  type Question,
  type ServiceFigures,
  type SqlPart,
  type Visible,
} from './types.js'
