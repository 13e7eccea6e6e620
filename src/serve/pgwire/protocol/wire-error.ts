import { type Diagnostic, PlumbError } from '../../../core/diagnostic.js'

/** The SQLSTATEs that this door says. */
export const SQLSTATE = {
  successful: '00000',
  warning: '01000',
  protocolViolation: '08P01',
  featureNotSupported: '0A000',
  invalidAuthorization: '28000',
  invalidPassword: '28P01',
  invalidCatalogName: '3D000',
  invalidSchemaName: '3F000',
  invalidTextRepresentation: '22P02',
  invalidBinaryRepresentation: '22P03',
  characterNotInRepertoire: '22021',
  activeTransaction: '25001',
  noActiveTransaction: '25P01',
  readOnlyTransaction: '25006',
  inFailedTransaction: '25P02',
  invalidStatementName: '26000',
  invalidCursorName: '34000',
  invalidSavepoint: '3B001',
  ambiguousColumn: '42702',
  duplicateCursor: '42P03',
  duplicatePrepared: '42P05',
  groupingError: '42803',
  insufficientPrivilege: '42501',
  syntaxError: '42601',
  undefinedColumn: '42703',
  undefinedFunction: '42883',
  undefinedObject: '42704',
  undefinedParameter: '42P02',
  undefinedTable: '42P01',
  indeterminateDatatype: '42P18',
  invalidParameterValue: '22023',
  programLimit: '54000',
  tooManyConnections: '53300',
  queryCanceled: '57014',
  adminShutdown: '57P01',
  objectNotInState: '55000',
  idleSession: '57P05',
  internal: 'XX000',
} as const

export type SqlState = (typeof SQLSTATE)[keyof typeof SQLSTATE]

export interface WireErrorDetails {
  readonly hint?: string | undefined
  readonly detail?: string | undefined
  /** 1-based, in characters of the statement's text. */
  readonly position?: number | undefined
  /** 0-based, in bytes of the statement's text, as the parser counts; made into a position where the text is known. */
  readonly location?: number | undefined
}

/** What the client did wrong, or cannot have, in PostgreSQL's terms. */
export class WireError extends PlumbError {
  readonly sqlState: string
  readonly details: WireErrorDetails

  constructor(sqlState: string, message: string, details: WireErrorDetails = {}) {
    super({
      kind: 'usage',
      severity: 'error',
      code: `sqlstate-${sqlState.toLowerCase()}`,
      message,
      ...(details.hint === undefined ? {} : { hint: details.hint }),
    })
    this.sqlState = sqlState
    this.details = details
  }
}

/** Throws what the client is told. */
export function refuse(state: SqlState, message: string, details: WireErrorDetails = {}): never {
  throw new WireError(state, message, details)
}

export interface ErrorReport extends WireErrorDetails {
  readonly severity: 'ERROR' | 'FATAL'
  readonly sqlState: string
  readonly message: string
}

/** Any error as the client is told of it. `text` is the statement that the locations count in. */
export function reportError(error: unknown, text?: string): ErrorReport {
  if (error instanceof WireError) {
    const { location, position, ...rest } = error.details
    const at = position ?? (location === undefined || text === undefined ? undefined : positionOf(text, location))
    return { severity: 'ERROR', sqlState: error.sqlState, message: error.message, ...rest, position: at }
  }
  if (error instanceof PlumbError) {
    const { first } = error
    return {
      severity: 'ERROR',
      sqlState: stateOf(first),
      message: error.message,
      hint: error.diagnostics.flatMap((each) => each.hint ?? []).join('\n') || undefined,
    }
  }
  if (error instanceof Error && error.name === 'AbortError') {
    return { severity: 'ERROR', sqlState: SQLSTATE.queryCanceled, message: 'canceling statement due to user request' }
  }
  // A fault of ours: its text may hold paths or data, so the client gets none of it.
  return { severity: 'ERROR', sqlState: SQLSTATE.internal, message: 'internal error: the server could not answer' }
}

/** Codes of diagnostics whose meaning PostgreSQL has a state for. */
const STATES: Readonly<Record<string, SqlState>> = {
  'metric-not-found': SQLSTATE.undefinedColumn,
  'item-not-found': SQLSTATE.undefinedColumn,
  'item-ambiguous': SQLSTATE.ambiguousColumn,
  'no-such-model': SQLSTATE.undefinedTable,
  'saved-query-not-found': SQLSTATE.undefinedTable,
  'query-timeout': SQLSTATE.queryCanceled,
  'query-canceled': SQLSTATE.queryCanceled,
  'query-cancelled': SQLSTATE.queryCanceled,
  'access-denied': SQLSTATE.insufficientPrivilege,
  'not-allowed': SQLSTATE.insufficientPrivilege,
  'too-many-rows': SQLSTATE.programLimit,
}

/** Words in a warehouse's message, and the state they mean. */
const DATABASE_STATES: readonly (readonly [RegExp, SqlState])[] = [
  [/interrupt|cancel/i, SQLSTATE.queryCanceled],
  [/(table|relation).*(does not exist|not found)/i, SQLSTATE.undefinedTable],
  [
    /(column).*(does not exist|not found)|not found in FROM clause|cannot be referenced before it is defined/i,
    SQLSTATE.undefinedColumn,
  ],
  [/must appear in the GROUP BY/i, SQLSTATE.groupingError],
  [/conversion error|could not convert|invalid input syntax/i, SQLSTATE.invalidTextRepresentation],
  [/no function matches|function .* does not exist/i, SQLSTATE.undefinedFunction],
  [/division by zero|out of range/i, '22012' as SqlState],
  [/out of memory/i, '53200' as SqlState],
  // What is left of the warehouse's complaints about a statement, by their kind.
  [/^Binder Error|^Parser Error/, '42000' as SqlState],
  [/^Catalog Error/, SQLSTATE.undefinedObject],
  [/^Invalid Input Error/, '22023' as SqlState],
]

function stateOf({ code, kind, message }: Diagnostic): string {
  const known = STATES[code]
  if (known !== undefined) return known
  if (kind === 'database') return DATABASE_STATES.find(([words]) => words.test(message))?.[1] ?? SQLSTATE.internal
  if (/denied|forbidden|permission|policy|unauthor/.test(code)) return SQLSTATE.insufficientPrivilege
  if (/timeout|cancel/.test(code)) return SQLSTATE.queryCanceled
  if (/not-found|unknown/.test(code)) return SQLSTATE.undefinedObject
  return kind === 'internal' ? SQLSTATE.internal : SQLSTATE.featureNotSupported
}

/** The parser counts bytes of UTF-8 from 0, the protocol characters from 1. */
export function positionOf(text: string, location: number): number {
  return [...Buffer.from(text, 'utf8').subarray(0, location).toString('utf8')].length + 1
}
