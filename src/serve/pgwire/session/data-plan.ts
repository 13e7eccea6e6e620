import type { SelectStmt } from 'libpg-query'
import type { Answer, Question } from '../../../query/index.js'
import { refuse, SQLSTATE } from '../protocol/wire-error.js'
import { callRelation } from '../semantic-layer/call-relation.js'
import { translateSelect } from '../sql/select.js'
import { sql } from '../sql/sql-text.js'
import type { CallRelation, Translated } from '../sql/translation.js'
import { typeOfColumn } from '../values/pg-types.js'
import type { BoundValues, PreparedStatement, SessionEnvironment } from './environment.js'
import type { RowPlan } from './portal.js'
import { proofNotice } from './proof-notice.js'
import { answerRows, fieldOf } from './row-source.js'
import { sessionValue } from './session-values.js'

/** A select that the query service answers. @throws WireError at once for what can be told without asking. */
export function planData(
  select: SelectStmt,
  prepared: PreparedStatement,
  bound: BoundValues | null,
  session: SessionEnvironment,
): RowPlan {
  const { service, caller, settings } = session
  let translated: Translated | null = null
  const translate = async (): Promise<Translated> => {
    translated ??= translateNow(select, await callsOf(prepared, session), bound, session)
    return translated
  }
  // Most statements have no calls: what is wrong with them shows before they run.
  if (prepared.calls.length === 0) translated = translateNow(select, new Map(), bound, session)
  const ask = (question: Question, signal: AbortSignal, cache: boolean): Promise<Answer> =>
    service.ask(question, caller, {
      door: 'pgwire',
      signal,
      ...(cache ? {} : { cache: false }),
      ...(settings.statementTimeout > 0 ? { timeout: settings.statementTimeout } : {}),
    })
  return {
    tag: (rows) => `SELECT ${rows}`,
    async describe(signal) {
      const { sql: body, columns } = await translate()
      const answer = await ask({ kind: 'sql', parts: sql`SELECT * FROM (${body}) AS described LIMIT 0` }, signal, false)
      await answer.close()
      return answer.columns.map(({ name, type }, index) => fieldOf(columns?.[index]?.name ?? name, typeOfColumn(type)))
    },
    async open(signal) {
      const { sql: body, columns, pure } = await translate()
      const question: Question = pure === null ? { kind: 'sql', parts: body } : { kind: 'metrics', query: pure.query }
      const answer = await ask(question, signal, true)
      const notice = settings.get('plumbline.proof') === 'off' ? null : proofNotice(answer.proof)
      const notices = notice === null ? [] : [notice]
      if (pure !== null && pure.take.length > 0)
        return answerRows(answer, notices, settings.timeZone, pure.names, pure.take)
      return answerRows(
        answer,
        notices,
        settings.timeZone,
        columns?.map((column) => column.name),
      )
    },
  }
}

/** The question that a select is, for EXPLAIN. */
export async function questionOf(
  select: SelectStmt,
  prepared: PreparedStatement,
  bound: BoundValues | null,
  session: SessionEnvironment,
): Promise<Question> {
  const { sql: parts, pure } = translateNow(select, await callsOf(prepared, session), bound, session)
  return pure === null ? { kind: 'sql', parts } : { kind: 'metrics', query: pure.query }
}

async function callsOf(
  prepared: PreparedStatement,
  { service, caller }: SessionEnvironment,
): Promise<ReadonlyMap<string, CallRelation>> {
  const calls = new Map<string, CallRelation>()
  for (const call of prepared.calls) calls.set(call.placeholder, await callRelation(call, service, caller))
  return calls
}

function translateNow(
  select: SelectStmt,
  calls: ReadonlyMap<string, CallRelation>,
  bound: BoundValues | null,
  session: SessionEnvironment,
): Translated {
  return translateSelect(select, {
    served: session.relations(session.caller),
    searchPath: session.settings.searchPath(session.user),
    dialect: session.service.project.dialect,
    calls,
    sessionValue: (name) => sessionValue(name, session),
    parameter(number, location) {
      if (bound === null) return undefined
      return (
        bound.parameters[number - 1] ??
        refuse(SQLSTATE.undefinedParameter, `there is no parameter $${number}`, { location })
      )
    },
  })
}
