import type { Node, SelectStmt } from 'libpg-query'
import { refuse, SQLSTATE } from '../protocol/wire-error.js'
import { oidOfTypeName } from '../sql/type-names.js'
import { columnName, constantOf, namesOf } from '../statement/ast.js'
import type { Cell } from '../values/cell.js'
import { OID, type PgType, pgType, TEXT } from '../values/pg-types.js'
import type { SessionEnvironment } from './environment.js'
import type { LocalColumn } from './row-source.js'
import { sessionValue } from './session-values.js'

interface LocalValue {
  readonly type: PgType
  /** Read when the statement runs: it may change the session. */
  read(): Cell
}

export interface LocalSelect {
  readonly columns: readonly LocalColumn[]
  row(): readonly Cell[]
}

/**
 * A select of nothing but constants and facts of the session, like `SELECT 1` and `SELECT version()`: tools send them all
 * the time, to see whether anybody is there. Null for everything else.
 */
export function localSelect(select: SelectStmt, session: SessionEnvironment): LocalSelect | null {
  const { targetList, fromClause, whereClause, valuesLists, groupClause, sortClause, op, withClause, intoClause } =
    select
  const others = [
    fromClause,
    whereClause,
    valuesLists,
    groupClause,
    sortClause,
    withClause,
    intoClause,
    select.havingClause,
  ]
  if (
    others.some((each) => each !== undefined) ||
    (op !== undefined && op !== 'SETOP_NONE') ||
    targetList === undefined
  )
    return null
  const limit = constantOf(select.limitCount)
  if (
    (select.limitCount !== undefined && !(typeof limit === 'number' && limit > 0)) ||
    select.limitOffset !== undefined
  )
    return null
  const columns: LocalColumn[] = []
  const values: LocalValue[] = []
  for (const target of targetList) {
    if (!('ResTarget' in target)) return null
    const { name, val } = target.ResTarget
    const value = val === undefined ? null : localValue(val, session)
    if (value === null) return null
    columns.push({ name: name ?? columnName(val), type: value.type })
    values.push(value)
  }
  return { columns, row: () => values.map((value) => value.read()) }
}

function fixed(type: PgType, value: Cell): LocalValue {
  return { type, read: () => value }
}

function localValue(node: Node, session: SessionEnvironment): LocalValue | null {
  const constant = constantOf(node)
  if (constant !== undefined) {
    if (constant === null || typeof constant === 'string') return fixed(TEXT, constant)
    if (typeof constant === 'boolean') return fixed(pgType(OID.bool), constant)
    if ('A_Const' in node && node.A_Const.fval !== undefined) {
      return fixed(
        pgType(/^\d+$/.test(node.A_Const.fval.fval ?? '') ? OID.int8 : OID.numeric),
        node.A_Const.fval.fval ?? '0',
      )
    }
    return fixed(pgType(OID.int4), constant)
  }
  if ('TypeCast' in node)
    return localCast(
      node.TypeCast.arg,
      node.TypeCast.typeName === undefined ? 0 : oidOfTypeName(node.TypeCast.typeName),
      session,
    )
  if ('SQLValueFunction' in node) {
    const name = String(node.SQLValueFunction.op)
      .replace(/^SVFOP_/, '')
      .replace(/_N$/, '')
      .toLowerCase()
    const value = sessionValue(name, session)
    return value === undefined ? null : fixed(pgType(OID.name), value)
  }
  return 'FuncCall' in node ? localCall(namesOf(node.FuncCall.funcname), node.FuncCall.args ?? [], session) : null
}

/** Casts that only name the type. */
function localCast(arg: Node | undefined, oid: number, session: SessionEnvironment): LocalValue | null {
  const inner = arg === undefined ? null : localValue(arg, session)
  if (inner === null) return null
  const isText = oid === OID.text || oid === OID.varchar || oid === OID.name
  const isNumber = oid === OID.int4 || oid === OID.int8 || oid === OID.int2
  const fits = isText || (isNumber && arg !== undefined && typeof constantOf(arg) === 'number')
  return fits ? { type: pgType(oid), read: inner.read } : null
}

const TYPES: Readonly<Record<string, number>> = {
  version: OID.text,
  pg_backend_pid: OID.int4,
  pg_is_in_recovery: OID.bool,
  inet_server_addr: OID.text,
  inet_client_addr: OID.text,
}

function localCall(path: readonly string[], args: readonly Node[], session: SessionEnvironment): LocalValue | null {
  const name = path.at(-1)?.toLowerCase() ?? ''
  if (path.length > 1 && path[0] !== 'pg_catalog') return null
  if (name === 'current_setting') return currentSetting(args, session)
  if (name === 'set_config') return setConfig(args, session)
  if (args.length > 0) return null
  const value = sessionValue(name, session)
  return value === undefined ? null : fixed(pgType(TYPES[name] ?? OID.name), value)
}

function currentSetting(args: readonly Node[], session: SessionEnvironment): LocalValue | null {
  const name = constantOf(args[0])
  if (typeof name !== 'string') return null
  const missingIsFine = constantOf(args[1]) === true
  return {
    type: TEXT,
    read: () => (missingIsFine && !isKnown(name, session) ? null : session.settings.get(name)),
  }
}

function isKnown(name: string, session: SessionEnvironment): boolean {
  try {
    return session.settings.find(name) !== undefined
  } catch {
    return false
  }
}

function setConfig(args: readonly Node[], session: SessionEnvironment): LocalValue | null {
  const [name, value, local] = args.map(constantOf)
  if (typeof name !== 'string' || (typeof value !== 'string' && value !== null)) return null
  return {
    type: TEXT,
    read() {
      session.settings.set(name, value, local === true)
      return session.settings.get(name)
    },
  }
}

/** The text of a value in SET: words, numbers and strings. */
export function settingText(args: readonly Node[] | undefined): string {
  const words = (args ?? []).map((node) => {
    const value = constantOf('TypeCast' in node ? node.TypeCast.arg : node)
    if (value === undefined || value === null) return refuse(SQLSTATE.invalidParameterValue, 'this value cannot be set')
    return value
  })
  if (words.length === 1) return typeof words[0] === 'boolean' ? (words[0] ? 'on' : 'off') : String(words[0])
  return words
    .map((word) =>
      /^[a-z_][a-z0-9_$]*$/.test(String(word)) ? String(word) : `"${String(word).replaceAll('"', '""')}"`,
    )
    .join(', ')
}
