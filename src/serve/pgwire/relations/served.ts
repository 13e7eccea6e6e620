import { didYouMean } from '../../../core/did-you-mean.js'
import type { UniqueId } from '../../../manifest/index.js'
import { refuse, SQLSTATE } from '../protocol/wire-error.js'
import type { Additivity } from './additivity.js'

/** A table as clients see it. */
export type ServedTable = MetricTable | ModelTable

/** A semantic model, a saved query or all metrics together: rows are what a query groups by, never stored ones. */
export interface MetricTable {
  readonly kind: 'metrics'
  readonly schema: string
  readonly name: string
  readonly description: string | undefined
  readonly columns: readonly MetricTableColumn[]
  /** Set when the table is a saved query, whose groups and filters are fixed. */
  readonly savedQuery: SavedQueryTable | null
}

export interface SavedQueryTable {
  readonly name: string
  readonly limited: boolean
  readonly where: readonly string[]
}

export type MetricTableColumn = ItemColumn | MetricColumn

/** Something to group and filter by. */
export interface ItemColumn {
  readonly role: 'dimension' | 'time' | 'entity'
  readonly name: string
  /** As metric queries call it: `customer__region`. */
  readonly item: string
  /** Grains of a time, finest first. */
  readonly grains: readonly string[]
  readonly dateParts: readonly string[]
  /** The grain that the column itself has, when the table fixes one. */
  readonly grain: string | undefined
  readonly description: string | undefined
  /** False: it answers when it is named, but is not listed. */
  readonly listed: boolean
}

export interface MetricColumn {
  readonly role: 'metric'
  readonly name: string
  readonly metric: string
  readonly additivity: Additivity
  readonly sameAs: ReadonlySet<string>
  readonly description: string | undefined
  readonly listed: boolean
}

/** A published model: an ordinary table. */
export interface ModelTable {
  readonly kind: 'model'
  readonly schema: string
  readonly name: string
  readonly id: UniqueId
  readonly description: string | undefined
  readonly columnDescriptions: Readonly<Record<string, string>>
  readonly isView: boolean
}

/** What one caller sees. */
export interface ServedRelations {
  readonly database: string
  readonly tables: readonly ServedTable[]
  /** Where names without a schema are looked for unless the client says otherwise. */
  readonly searchPath: readonly string[]
  /** The same for callers that see the same. */
  readonly key: string
  /** Of the project and its tables. */
  readonly version: number
}

/** The table that a name stands for, or undefined. Names are compared as written first, then without case. */
export function findTable(
  served: ServedRelations,
  schema: string | undefined,
  name: string,
  searchPath: readonly string[],
): ServedTable | undefined {
  const schemas = schema === undefined ? searchPath : [schema]
  for (const each of schemas) {
    const exact = served.tables.find((table) => table.schema === each && table.name === name)
    if (exact !== undefined) return exact
  }
  for (const each of schemas) {
    const loose = served.tables.find((table) => same(table.schema, each) && same(table.name, name))
    if (loose !== undefined) return loose
  }
  return undefined
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

/** @throws WireError `42P01` with the nearest names. */
export function noSuchTable(
  served: ServedRelations,
  schema: string | undefined,
  name: string,
  location: number | undefined,
): never {
  const elsewhere = served.tables.find((table) => same(table.name, name))
  const hint =
    elsewhere === undefined
      ? didYouMean(
          name,
          served.tables.map((table) => table.name),
        )
      : `there is "${elsewhere.schema}"."${elsewhere.name}"`
  return refuse(
    SQLSTATE.undefinedTable,
    `relation "${schema === undefined ? '' : `${schema}.`}${name}" does not exist`,
    {
      location,
      hint,
    },
  )
}

/** The column that a name stands for in a table of metrics. */
export function findColumn(table: MetricTable, name: string): MetricTableColumn | undefined {
  return table.columns.find((column) => column.name === name) ?? table.columns.find((column) => same(column.name, name))
}

/** Columns that `*` stands for. */
export function listedColumns(table: MetricTable): readonly MetricTableColumn[] {
  return table.columns.filter((column) => column.listed)
}
