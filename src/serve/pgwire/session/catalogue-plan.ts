import type { CatalogueReply, CatalogueView } from '../catalogue/catalogue.js'
import { WireError } from '../protocol/wire-error.js'
import type { ParsedStatement } from '../statement/parse.js'
import type { BoundValues, SessionEnvironment } from './environment.js'
import { NO_VALUES } from './environment.js'
import type { RowPlan } from './portal.js'
import { type RowSource, writtenRows } from './row-source.js'
import { splitNames } from './settings.js'

/** A statement that the catalogue answers, in the client's own words: there is no data behind it. */
export function planCatalogue(
  statement: ParsedStatement,
  parameterTypes: readonly number[],
  bound: BoundValues | null,
  session: SessionEnvironment,
): RowPlan {
  const ask = async (
    signal: AbortSignal,
    describeOnly: boolean,
    formats: readonly number[],
  ): Promise<CatalogueReply> => {
    const { raw, formats: parameterFormats } = bound ?? NO_VALUES
    try {
      return await session.catalogue.ask({
        text: withNewNames(statement.text),
        parameterTypes,
        parameterFormats,
        values: raw,
        resultFormats: formats,
        describeOnly,
        signal,
        timeout: session.settings.statementTimeout,
        view: viewOf(session),
      })
    } catch (error) {
      throw error instanceof WireError ? moved(error, statement) : error
    }
  }
  return {
    tag: (rows) => `SELECT ${rows}`,
    describe: async (signal) => (await ask(signal, true, [])).fields,
    open: async (signal, formats) => rawRows(await ask(signal, false, formats)),
  }
}

/** Columns that PostgreSQL 17 gave other names, which psql 15 and 16 ask for whatever the server says it is. */
const RENAMED: Readonly<Record<string, string>> = { daticulocale: 'datlocale', colliculocale: 'colllocale' }

/** As long as before: places of errors count in the client's text. */
function withNewNames(text: string): string {
  return text.replace(/\b(?:daticulocale|colliculocale)\b/g, (name) => (RENAMED[name] ?? name).padEnd(name.length))
}

/** The types that parameters have, as the catalogue's own analysis finds. */
export async function catalogueParameterTypes(
  statement: ParsedStatement,
  parameterTypes: readonly number[],
  session: SessionEnvironment,
): Promise<readonly number[]> {
  const reply = await session.catalogue.ask({
    text: withNewNames(statement.text),
    parameterTypes,
    parameterFormats: [],
    values: [],
    resultFormats: [],
    describeOnly: true,
    signal: new AbortController().signal,
    timeout: session.settings.statementTimeout,
    view: viewOf(session),
  })
  return reply.parameterTypes
}

/** The search path is written anew: what a client set may be any text. */
function viewOf(session: SessionEnvironment): CatalogueView {
  const names = splitNames(session.settings.get('search_path')).map((name) => `"${name.replaceAll('"', '""')}"`)
  return {
    user: session.user,
    searchPath: names.length === 0 ? "''" : names.join(', '),
    served: session.relations(session.caller),
  }
}

/** Positions count in the statement; the client counts in the whole text. */
function moved(error: WireError, { offset, whole }: ParsedStatement): WireError {
  const { position, ...details } = error.details
  if (position === undefined || offset === 0) return error
  const before = Buffer.from(whole, 'utf8').subarray(0, offset).toString('utf8').length
  return new WireError(error.sqlState, error.message, { ...details, position: position + before })
}

function rawRows({ fields, rows }: CatalogueReply): RowSource {
  return {
    fields,
    notices: [],
    async *batches() {
      yield { rowCount: rows.length, writer: () => writtenRows(rows) }
    },
    close: async () => {},
  }
}
