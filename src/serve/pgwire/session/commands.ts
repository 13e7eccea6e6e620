import type { Node } from 'libpg-query'
import { refuse, SQLSTATE } from '../protocol/wire-error.js'
import { oidOfTypeName } from '../sql/type-names.js'
import { constantOf } from '../statement/ast.js'
import type { ParsedStatement } from '../statement/parse.js'
import type { BoundValues, PreparedStatement, SessionEnvironment } from './environment.js'
import { settingText } from './local-select.js'
import type { StatementPlan } from './portal.js'
import { fieldOf, localRows, textColumns } from './row-source.js'

type Plan = (prepared: PreparedStatement, bound: BoundValues | null, session: SessionEnvironment) => StatementPlan

function command(run: () => string | Promise<string>): StatementPlan {
  return { kind: 'command', run: async () => run() }
}

/** Statements that change the session and nothing else; undefined for others. */
export function planCommand(
  node: Node,
  statement: ParsedStatement,
  session: SessionEnvironment,
  plan: Plan,
): StatementPlan | undefined {
  if ('TransactionStmt' in node) return planTransaction(node.TransactionStmt, session)
  if ('VariableSetStmt' in node) return planSet(node.VariableSetStmt, session)
  if ('VariableShowStmt' in node) return planShow(node.VariableShowStmt.name ?? '', session)
  if ('DiscardStmt' in node) {
    const target = String(node.DiscardStmt.target).replace('DISCARD_', '')
    return command(async () => {
      if (target !== 'ALL') return `DISCARD ${target}`
      if (session.transaction.open)
        refuse(SQLSTATE.activeTransaction, 'DISCARD ALL cannot run inside a transaction block')
      for (const portal of session.portals.values()) await portal.close()
      session.portals.clear()
      session.prepared.clear()
      session.settings.resetAll()
      return 'DISCARD ALL'
    })
  }
  if ('DeallocateStmt' in node) {
    const { name } = node.DeallocateStmt
    return command(() => {
      if (name === undefined) {
        session.prepared.clear()
        return 'DEALLOCATE ALL'
      }
      if (!session.prepared.delete(name))
        refuse(SQLSTATE.invalidStatementName, `prepared statement "${name}" does not exist`)
      return 'DEALLOCATE'
    })
  }
  if ('PrepareStmt' in node) return planPrepare(node.PrepareStmt, statement, session)
  if ('ExecuteStmt' in node) return planExecute(node.ExecuteStmt, session, plan)
  // Nobody notifies here, so there is nothing to miss.
  if ('ListenStmt' in node) return command(() => 'LISTEN')
  if ('UnlistenStmt' in node) return command(() => 'UNLISTEN')
  if ('ConstraintsSetStmt' in node) return command(() => 'SET CONSTRAINTS')
  return undefined
}

type Of<K extends string> =
  Extract<Node, Record<K, unknown>> extends infer N ? (N extends Record<K, infer S> ? S : never) : never

function planTransaction(statement: Of<'TransactionStmt'>, session: SessionEnvironment): StatementPlan {
  const { kind, savepoint_name = '', options } = statement
  const { transaction, settings } = session
  const characteristics = (): void => {
    for (const option of options ?? []) {
      if ('DefElem' in option && option.DefElem.arg !== undefined)
        settings.set(option.DefElem.defname ?? '', transactionValue(option.DefElem.arg), true)
    }
  }
  const end = async (how: 'commit' | 'rollback'): Promise<string> => {
    if (!transaction.open)
      session.notice({
        severity: 'WARNING',
        sqlState: SQLSTATE.noActiveTransaction,
        message: 'there is no transaction in progress',
      })
    const tag = transaction.end(how)
    settings.end(tag === 'COMMIT')
    await closePortals(session)
    return tag
  }
  switch (kind) {
    case 'TRANS_STMT_BEGIN':
    case 'TRANS_STMT_START':
      return command(() => {
        if (transaction.begin()) settings.begin()
        else
          session.notice({
            severity: 'WARNING',
            sqlState: SQLSTATE.activeTransaction,
            message: 'there is already a transaction in progress',
          })
        characteristics()
        return kind === 'TRANS_STMT_BEGIN' ? 'BEGIN' : 'START TRANSACTION'
      })
    case 'TRANS_STMT_COMMIT':
      return command(() => end('commit'))
    case 'TRANS_STMT_ROLLBACK':
      return command(() => end('rollback'))
    case 'TRANS_STMT_SAVEPOINT':
      return command(() => {
        transaction.savepoint(savepoint_name)
        return 'SAVEPOINT'
      })
    case 'TRANS_STMT_RELEASE':
      return command(() => {
        transaction.release(savepoint_name)
        return 'RELEASE'
      })
    case 'TRANS_STMT_ROLLBACK_TO':
      return command(() => {
        transaction.rollbackTo(savepoint_name)
        return 'ROLLBACK'
      })
    default:
      return refuse(SQLSTATE.featureNotSupported, 'two-phase transactions are not possible here')
  }
}

/** Cursors end with their transaction, unless they are held. */
export async function closePortals(session: SessionEnvironment): Promise<void> {
  for (const [name, portal] of session.portals) {
    if (portal.held) continue
    await portal.close()
    session.portals.delete(name)
  }
}

function transactionValue(arg: Node): string {
  const value = constantOf(arg)
  return typeof value === 'number' ? (value === 0 ? 'off' : 'on') : String(value ?? '')
}

function planSet(statement: Of<'VariableSetStmt'>, session: SessionEnvironment): StatementPlan {
  const { kind, name = '', args, is_local } = statement
  const { settings, transaction } = session
  const local = is_local === true
  return command(() => {
    if (local && !transaction.open) {
      session.notice({
        severity: 'WARNING',
        sqlState: SQLSTATE.noActiveTransaction,
        message: 'SET LOCAL can only be used in transaction blocks',
      })
    }
    switch (kind) {
      case 'VAR_RESET_ALL':
        settings.resetAll()
        return 'RESET'
      case 'VAR_RESET':
        settings.set(name, null)
        return 'RESET'
      case 'VAR_SET_DEFAULT':
        settings.set(name, null)
        return 'SET'
      case 'VAR_SET_MULTI': {
        const prefix = name === 'SESSION CHARACTERISTICS' ? 'default_' : ''
        for (const option of args ?? []) {
          if ('DefElem' in option && option.DefElem.arg !== undefined) {
            settings.set(`${prefix}${option.DefElem.defname}`, transactionValue(option.DefElem.arg), prefix === '')
          }
        }
        return 'SET'
      }
      case 'VAR_SET_VALUE': {
        const value = settingText(args)
        if ((name === 'role' || name === 'session_authorization') && value !== 'none' && value !== session.user) {
          refuse(
            SQLSTATE.insufficientPrivilege,
            `permission denied to set ${name === 'role' ? 'role' : 'session authorization'} "${value}"`,
          )
        }
        if (local && !transaction.open) settings.canonical(name)
        else settings.set(name, value, local)
        return 'SET'
      }
      default:
        return refuse(SQLSTATE.featureNotSupported, 'this SET is not supported')
    }
  })
}

function planShow(name: string, session: SessionEnvironment): StatementPlan {
  const { settings } = session
  const all = name.toLowerCase() === 'all'
  const columns = all ? textColumns('name', 'setting', 'description') : textColumns(settings.canonical(name))
  return {
    kind: 'rows',
    tag: () => 'SHOW',
    describe: async () => columns.map((column) => fieldOf(column.name, column.type)),
    open: async () =>
      localRows(columns, all ? settings.all().map(([key, value]) => [key, value, null]) : [[settings.get(name)]]),
  }
}

function planPrepare(
  prepare: Of<'PrepareStmt'>,
  statement: ParsedStatement,
  session: SessionEnvironment,
): StatementPlan {
  const { name = '', argtypes, query } = prepare
  return command(() => {
    if (session.prepared.has(name)) refuse(SQLSTATE.duplicatePrepared, `prepared statement "${name}" already exists`)
    if (query === undefined || !('SelectStmt' in query))
      refuse(SQLSTATE.readOnlyTransaction, 'only SELECT can be prepared here: nothing is written')
    const bytes = Buffer.from(statement.text, 'utf8')
    const start =
      session.parser.tokens(statement.text).find(({ text }) => /^(select|with|values|table)$/i.test(text))?.start ?? 0
    session.prepared.set(name, {
      statement: {
        ...statement,
        node: query,
        text: bytes.subarray(start).toString('utf8'),
        offset: statement.offset + start,
      },
      calls: [],
      parameterTypes: (argtypes ?? []).map((each) => ('TypeName' in each ? oidOfTypeName(each.TypeName) : 0)),
    })
    return 'PREPARE'
  })
}

function planExecute(execute: Of<'ExecuteStmt'>, session: SessionEnvironment, plan: Plan): StatementPlan {
  const { name = '', params } = execute
  const prepared =
    session.prepared.get(name) ?? refuse(SQLSTATE.invalidStatementName, `prepared statement "${name}" does not exist`)
  const texts = (params ?? []).map((node) => {
    const value = constantOf('TypeCast' in node ? node.TypeCast.arg : node)
    if (value === undefined) return refuse(SQLSTATE.featureNotSupported, 'EXECUTE takes constants here')
    return value === null ? null : typeof value === 'boolean' ? (value ? 't' : 'f') : String(value)
  })
  return plan(
    prepared,
    {
      parameters: texts.map((text, index) => ({ text, oid: prepared.parameterTypes[index] ?? 0 })),
      raw: texts.map((text) => (text === null ? null : Buffer.from(text))),
      formats: [],
      types: prepared.parameterTypes,
    },
    session,
  )
}
