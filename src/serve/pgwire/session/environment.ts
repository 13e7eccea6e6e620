import type { Caller, QueryService } from '../../../query/index.js'
import type { Catalogue } from '../catalogue/catalogue.js'
import type { DescribedTable } from '../catalogue/definitions.js'
import type { NoticeReport } from '../protocol/backend.js'
import type { ServedRelations } from '../relations/served.js'
import type { SemanticCall } from '../semantic-layer/calls.js'
import type { ParsedStatement, SqlParser } from '../statement/parse.js'
import type { Parameter } from '../values/parameters.js'
import type { Portal } from './portal.js'
import type { Settings } from './settings.js'
import type { Transaction } from './transaction.js'

/** What the server shares among its sessions. */
export interface ServerEnvironment {
  readonly service: QueryService
  readonly catalogue: Catalogue
  readonly parser: SqlParser
  readonly log: (level: 'debug' | 'info' | 'warn', message: string) => void
  /** What a caller sees; made again after a change of the project. */
  relations(caller: Caller): ServedRelations
  /** Types of everything served, for statements whose parameters have none. */
  described(): Promise<readonly DescribedTable[]>
}

/** What the statements of one session work with. */
export interface SessionEnvironment extends ServerEnvironment {
  readonly caller: Caller
  /** The name the client came with. */
  readonly user: string
  readonly pid: number
  readonly settings: Settings
  readonly transaction: Transaction
  readonly prepared: Map<string, PreparedStatement>
  readonly portals: Map<string, Portal>
  notice(report: NoticeReport): void
}

/** A statement that was read, and may be run many times. */
export interface PreparedStatement {
  /** Null for a text without a statement. */
  readonly statement: ParsedStatement | null
  readonly calls: readonly SemanticCall[]
  /** As declared by the client; 0 where it left the type open. */
  readonly parameterTypes: readonly number[]
  /** What open types turned out to be, once somebody asked. */
  inferredTypes?: readonly number[]
}

/** Values of a statement's parameters. */
export interface BoundValues {
  readonly parameters: readonly Parameter[]
  /** As they came, for statements that are passed on. */
  readonly raw: readonly (Buffer | null)[]
  readonly formats: readonly number[]
  readonly types: readonly number[]
}

export const NO_VALUES: BoundValues = { parameters: [], raw: [], formats: [], types: [] }
