import type { Node, SelectStmt } from 'libpg-query'
import { refuse, SQLSTATE, WireError } from '../protocol/wire-error.js'
import type { ParsedStatement } from '../statement/parse.js'
import { routeSelect } from '../statement/route.js'
import { planCatalogue } from './catalogue-plan.js'
import { planCommand } from './commands.js'
import { readCopyOptions } from './copy-options.js'
import { planCursor } from './cursors.js'
import { planData, questionOf } from './data-plan.js'
import { type BoundValues, NO_VALUES, type PreparedStatement, type SessionEnvironment } from './environment.js'
import { localSelect } from './local-select.js'
import type { RowPlan, StatementPlan } from './portal.js'
import { fieldOf, localRows, textColumns } from './row-source.js'

/** What a statement is to do. `bound` is null while its values are not known. @throws WireError when it cannot be done. */
export function planStatement(
  prepared: PreparedStatement,
  bound: BoundValues | null,
  session: SessionEnvironment,
): StatementPlan {
  const { statement } = prepared
  if (statement === null) return { kind: 'empty' }
  const { node } = statement
  if ('SelectStmt' in node) return { kind: 'rows', ...planSelect(node.SelectStmt, statement, prepared, bound, session) }
  if ('CopyStmt' in node) return planCopy(node.CopyStmt, prepared, session)
  if ('ExplainStmt' in node) return planExplain(node.ExplainStmt.query, prepared, bound, session)
  const inner = (query: Node | undefined, values: BoundValues | null = bound): RowPlan =>
    innerSelect(query, prepared, values, session)
  return (
    planCursor(node, session, inner) ?? planCommand(node, statement, session, planStatement) ?? refuseStatement(node)
  )
}

/** A select, answered by whoever has what it asks for. */
export function planSelect(
  select: SelectStmt,
  statement: ParsedStatement,
  prepared: PreparedStatement,
  bound: BoundValues | null,
  session: SessionEnvironment,
): RowPlan {
  const local = prepared.calls.length === 0 ? localSelect(select, session) : null
  if (local !== null) {
    const fields = local.columns.map(({ name, type }) => fieldOf(name, type))
    return {
      tag: (rows) => `SELECT ${rows}`,
      describe: async () => fields,
      open: async () => localRows(local.columns, [local.row()]),
    }
  }
  const calls = new Set(prepared.calls.map((call) => call.placeholder))
  const route = routeSelect(
    { SelectStmt: select },
    session.relations(session.caller),
    session.settings.searchPath(session.user),
    (name) => calls.has(name),
  )
  const catalogue = (): RowPlan => planCatalogue(statement, prepared.parameterTypes, bound, session)
  if (route === 'catalogue') return catalogue()
  if (route === 'data') return planData(select, prepared, bound, session)
  try {
    return planData(select, prepared, bound, session)
  } catch (error) {
    // There is no data in it, so what our lists do not have may be PostgreSQL's.
    if (error instanceof WireError && /^(0A000|42883|42704)$/.test(error.sqlState)) return catalogue()
    throw error
  }
}

/** A select within another statement. */
function innerSelect(
  query: Node | undefined,
  prepared: PreparedStatement,
  bound: BoundValues | null,
  session: SessionEnvironment,
): RowPlan {
  if (query === undefined || !('SelectStmt' in query))
    return refuse(SQLSTATE.readOnlyTransaction, 'only SELECT is possible here: nothing is written')
  return planSelect(query.SelectStmt, innerStatement(query, prepared, session), prepared, bound, session)
}

/** The text of the select within a statement: it begins with the first SELECT, WITH, VALUES or TABLE. */
function innerStatement(query: Node, prepared: PreparedStatement, session: SessionEnvironment): ParsedStatement {
  const outer = prepared.statement!
  const bytes = Buffer.from(outer.text, 'utf8')
  const tokens = session.parser.tokens(outer.text)
  const first = tokens.findIndex(({ text }) => /^(select|with|values|table)$/i.test(text))
  const start = tokens[first]?.start ?? 0
  let depth = 0
  let end = bytes.length
  for (const token of tokens.slice(Math.max(0, first))) {
    if (token.text === '(') depth++
    if (token.text === ')' && --depth < 0) {
      end = token.start
      break
    }
  }
  return {
    node: query,
    text: bytes.subarray(start, end).toString('utf8'),
    offset: outer.offset + start,
    whole: outer.whole,
  }
}

function planCopy(
  copy: Extract<Node, { CopyStmt: unknown }>['CopyStmt'],
  prepared: PreparedStatement,
  session: SessionEnvironment,
): StatementPlan {
  if (copy.is_from === true) refuse(SQLSTATE.readOnlyTransaction, 'cannot execute COPY FROM: nothing is written here')
  if (copy.filename !== undefined || copy.is_program === true) {
    refuse(SQLSTATE.insufficientPrivilege, 'COPY to a file or program is not possible', {
      hint: 'use COPY ... TO STDOUT',
    })
  }
  const options = readCopyOptions(copy.options)
  if (copy.query !== undefined)
    return { kind: 'copy', options, rows: innerSelect(copy.query, prepared, NO_VALUES, session) }
  const columns = (copy.attlist ?? []).map((each): Node => ({ ResTarget: { val: { ColumnRef: { fields: [each] } } } }))
  const star: Node = { ResTarget: { val: { ColumnRef: { fields: [{ A_Star: {} }] } } } }
  const select: SelectStmt = {
    targetList: columns.length > 0 ? columns : [star],
    fromClause: [{ RangeVar: copy.relation ?? {} }],
  }
  return { kind: 'copy', options, rows: planData(select, prepared, NO_VALUES, session) }
}

/** EXPLAIN tells what would be sent to the warehouse, and why. */
function planExplain(
  query: Node | undefined,
  prepared: PreparedStatement,
  bound: BoundValues | null,
  session: SessionEnvironment,
): StatementPlan {
  if (query === undefined || !('SelectStmt' in query))
    return refuse(SQLSTATE.featureNotSupported, 'only SELECT can be explained')
  const columns = textColumns('QUERY PLAN')
  return {
    kind: 'rows',
    tag: () => 'EXPLAIN',
    describe: async () => columns.map(({ name, type }) => fieldOf(name, type)),
    async open() {
      const question = await questionOf(query.SelectStmt, prepared, bound ?? NO_VALUES, session)
      const { sql, steps, predicates } = await session.service.explain(question, session.caller)
      const lines = [
        ...steps,
        ...predicates.map(({ relation, predicate, policy }) => `policy ${policy} on ${relation}: ${predicate}`),
        ...sql.split('\n'),
      ]
      return localRows(
        columns,
        lines.map((line) => [line]),
      )
    },
  }
}

function refuseStatement(node: Node): never {
  const kind = (Object.keys(node)[0] ?? '').replace(/Stmt$/, '')
  const words = kind.replace(/([a-z])([A-Z])/g, '$1 $2').toUpperCase()
  return refuse(SQLSTATE.readOnlyTransaction, `cannot execute ${words} in a read-only transaction`, {
    hint: 'this server answers questions; tables are built by plumb build',
  })
}
