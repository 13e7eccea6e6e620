/** The one query service. Only this file is for other rooms. */
export type { Ground } from './ground.js'
export { createQueryService, NO_PROOF, type QueryServiceOptions } from './service.js'
export {
  type Answer,
  type AnswerBatch,
  type AnswerColumn,
  type AnswerVector,
  type AskOptions,
  type Caller,
  type Explanation,
  OWNER,
  type Proof,
  type ProofNode,
  type QueryService,
  type Question,
  type SqlPart,
  type Visible,
} from './types.js'
