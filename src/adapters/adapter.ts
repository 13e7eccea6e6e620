import type { ColumnDescription } from './column.js'
import type { RelationInfo, RelationName, RelationType } from './relation.js'
import type { RowStream, StreamOptions } from './vectors.js'

/** Credentials of a target: the profile's output after rendering, aliases resolved, defaults filled in. */
export interface Credentials {
  readonly type: string
  readonly database: string
  readonly schema: string
  readonly threads: number
  readonly [key: string]: unknown
}

export interface CredentialField {
  readonly name: string
  readonly kind: 'string' | 'integer' | 'boolean' | 'path' | 'any'
  readonly required?: boolean
  readonly secret?: boolean
  readonly default?: unknown
  readonly aliases?: readonly string[]
  /** One line for `debug`, `init` and the docs. */
  readonly about: string
}

/**
 * One cell of a result. The warehouse's own types arrive so, whichever warehouse it is: integers as a number (a bigint
 * beyond 2^53), floats as a number, decimals as {@link Decimal}, binary as bytes, lists and records as such, and all
 * dates and times as text with the warehouse's precision: `2024-01-31`, `2024-01-31 12:30:00.123456`, `... +00:00` when
 * the type has a time zone, `12:30:00`. Everything else is the text the warehouse prints. A Date is only for bindings.
 */
export type Cell = null | boolean | number | bigint | string | Date | Uint8Array | Decimal | CellList | CellRecord
export interface Decimal {
  readonly kind: 'decimal'
  readonly text: string
}
export interface CellList {
  readonly kind: 'list'
  readonly items: readonly Cell[]
}
export interface CellRecord {
  readonly kind: 'record'
  readonly entries: readonly (readonly [string, Cell])[]
}

export interface ResultColumn {
  readonly name: string
  /** The warehouse's name of the type. */
  readonly type: string
  /** What templates see: agate's classes. */
  readonly family: 'number' | 'integer' | 'boolean' | 'date' | 'datetime' | 'text' | 'interval' | 'other'
}

/** dbt's adapter_response: `_message`, `code`, `rows_affected`, and whatever the warehouse adds. */
export interface AdapterResponse {
  readonly _message: string
  readonly code?: string
  readonly rows_affected?: number
  readonly query_id?: string
  readonly [extra: string]: unknown
}

/** A result by column (faster to make and to use than row objects). */
export interface QueryResult {
  readonly response: AdapterResponse
  readonly columns: readonly ResultColumn[]
  /** `data[c][r]`; empty when rows were not asked for. */
  readonly data: readonly (readonly Cell[])[]
  readonly rowCount: number
}

export interface ExecuteOptions {
  /** Ask for rows (`fetch` of dbt's `adapter.execute`). Default false. */
  readonly fetch?: boolean
  readonly limit?: number | undefined
  readonly bindings?: readonly unknown[] | undefined
  /** Begin a transaction first when none is open (`auto_begin`). Default false. */
  readonly autoBegin?: boolean
  /** Logs show only the statement's beginning. */
  readonly abridge?: boolean
}

/**
 * One session with the warehouse, used by one node at a time. Errors are thrown as PlumbError of kind `database` with
 * the warehouse's message and, where it gives one, the position in the statement (`at` with `sourceText` = the SQL).
 */
export interface Connection {
  readonly name: string
  execute(sql: string, options?: ExecuteOptions): Promise<QueryResult>
  /**
   * Runs one query and gives its rows batch by batch, as typed vectors, fetched when they are asked for. Nothing else
   * may run on the connection until the stream is read to its end or closed.
   */
  stream?(sql: string, options?: StreamOptions): Promise<RowStream>
  /** True between begin and commit/rollback. */
  readonly inTransaction: boolean
  /** Will the log show a BEGIN before this statement. Where drivers begin by themselves nobody sees one. */
  showsBegin?(sql: string, options: ExecuteOptions): boolean
  begin(): Promise<void>
  commit(): Promise<void>
  rollback(): Promise<void>
  /** Stops the running statement, if any. */
  cancel(): Promise<void>
  /** Loads rows fast (seeds): `columns` in order, `rows` of strings/null as in the CSV, typed by the target table. */
  loadRows?(
    relation: RelationName,
    columns: readonly string[],
    rows: readonly (readonly (string | null)[])[],
  ): Promise<number>
  /** Gives the session back to the pool. */
  release(): Promise<void>
}

export interface CatalogRow {
  readonly table_database: string | null
  readonly table_schema: string
  readonly table_name: string
  readonly table_type: string
  readonly table_comment: string | null
  readonly table_owner: string | null
  readonly column_name: string
  readonly column_index: number
  readonly column_type: string
  readonly column_comment: string | null
  /** `stats:<name>:label|value|description|include` */
  readonly [stat: `stats:${string}`]: unknown
}

export interface RelationDependency {
  readonly dependent: RelationName
  readonly referenced: RelationName
}

/** Questions about what is in the warehouse that the tool itself asks (templates ask through macros). */
export interface Introspector {
  listSchemas(connection: Connection, database: string | null): Promise<string[]>
  /** Every relation of one schema, for the relation cache: one round trip. */
  listRelations(connection: Connection, database: string | null, schema: string): Promise<RelationInfo[]>
  /** As listRelations for several schemas at once. */
  listRelationsOf(
    connection: Connection,
    schemas: readonly { database: string | null; schema: string }[],
  ): Promise<RelationInfo[]>
  getColumns(connection: Connection, relation: RelationName): Promise<ColumnDescription[]>
  /** Which relations stand on which (views on tables), where dropping one drops the other with it. */
  listDependencies?(connection: Connection, schemas: readonly string[]): Promise<RelationDependency[]>
  getCatalog(
    connection: Connection,
    schemas: readonly { database: string | null; schema: string }[],
  ): Promise<CatalogRow[]>
  /** Names and types of a query's columns without running it (`adapter.get_column_schema_from_query`). */
  describeQuery(connection: Connection, sql: string): Promise<ColumnDescription[]>
}

export type Capability =
  | 'transactionalDdl'
  | 'atomicReplaceTable'
  | 'atomicReplaceView'
  | 'merge'
  | 'materializedView'
  | 'schemaMetadataByRelations'
  | 'tableLastModifiedMetadata'
  | 'grants'
  | 'microbatchConcurrency'
  | 'advisoryLock'

export type ConstraintSupport = 'enforced' | 'not_enforced' | 'not_supported'

/** Pure text rules of one warehouse: never opens a connection. */
export interface Dialect {
  readonly name: string
  quoteIdentifier(name: string): string
  stringLiteral(value: string): string
  /** Folds an unquoted identifier as the warehouse does (`lower` on PostgreSQL, kept on DuckDB). */
  foldIdentifier(name: string): string
  /** Longest identifier, when the warehouse has a limit. */
  readonly maxIdentifierLength: number | null
  /** agate family -> type of a seed column. */
  seedType(family: 'text' | 'integer' | 'number' | 'boolean' | 'date' | 'datetime' | 'time'): string
  /** `translate_type`: dbt's generic type names (STRING, TIMESTAMP, FLOAT, INTEGER, BOOLEAN) to the warehouse's. */
  translateType(type: string): string
  /** A column's type with its size as it is written in DDL (`character varying(256)`, `numeric(10,2)`). */
  renderColumnType(column: ColumnDescription): string
  /** Reads `numeric(10,2)` and its like into a description (dbt's `Column.from_description`). */
  parseColumnType(name: string, type: string): ColumnDescription
  isString(dataType: string): boolean
  isNumeric(dataType: string): boolean
  isInteger(dataType: string): boolean
  isFloat(dataType: string): boolean
  /** Can a column of the first type be widened to the second. */
  canExpandTo(from: ColumnDescription, to: ColumnDescription): boolean
  /** How the target of a foreign key is written, where it is not the relation's full name. */
  foreignKeyTarget?(relation: string): string
  readonly constraintSupport: Readonly<Record<string, ConstraintSupport>>
  /** Incremental strategies that built-in macros have, in dbt's names. */
  readonly incrementalStrategies: readonly string[]
  /** Default of `quoting:` for relations. */
  readonly quoting: { readonly database: boolean; readonly schema: boolean; readonly identifier: boolean }
  /** Asked for the columns of a relation that is not there, the warehouse fails, where others answer with none. */
  readonly failsOnMissingRelation?: boolean
  /** Must a subquery in `from` have an alias (`--empty`, `--sample`); true when absent. */
  readonly subqueryNeedsAlias?: boolean
  /** Relation types that `create or replace` may replace / that may be renamed. */
  readonly replaceableTypes: ReadonlySet<RelationType>
  readonly renameableTypes: ReadonlySet<RelationType>
}

/** Who is at work on a target, as others are told. */
export interface RunHolder {
  readonly user: string
  readonly host: string
  readonly pid: number
  /** `plumb build --select a` */
  readonly command: string
  readonly since: Date
}

export interface RunLockRequest {
  /** The target's schema. */
  readonly schema: string
  /** What the run writes: runs that share none of it go side by side. */
  readonly relations: readonly { readonly schema: string; readonly name: string }[]
  readonly holder: RunHolder
  /** Seconds to wait for another run to end; 0 for none, Infinity for as long as it takes. */
  readonly wait: number
  /** Told once, before the waiting begins, who is waited for. */
  readonly onWait: (holder: string) => void
}

export interface RunLock {
  release(): Promise<void>
}

/** One live warehouse, owned by one invocation. */
export interface Adapter {
  readonly plugin: AdapterPlugin
  readonly credentials: Credentials
  readonly introspect: Introspector
  /** A session from the pool (at most `threads` + 1 at once; waits otherwise). */
  connect(name: string): Promise<Connection>
  /** Cancels everything that runs (SIGINT). */
  cancelAll(): Promise<void>
  /**
   * Asked before a node is built: a warehouse where two builds may not overlap (tables tied by foreign keys on DuckDB)
   * waits here until this one may go on. Answers how to let go, or null when nothing is held.
   */
  holdForModel?(node: unknown, connection: () => Promise<Connection>): Promise<(() => void) | null>
  /**
   * Keeps other runs off relations until the lock is released or this process ends, however it ends; what an earlier
   * run that was killed still has going on the target is stopped first. Absent where opening the warehouse is itself
   * exclusive.
   * @throws PlumbError `run-locked`, naming the holder, when another run has one of them and does not end in time.
   */
  lockRun?(request: RunLockRequest): Promise<RunLock>
  /** Methods that this warehouse's own macros call as `adapter.<name>()` beyond the common ones. Arguments and results are template values. */
  readonly templateMethods?: Readonly<Record<string, AdapterTemplateMethod>>
  /**
   * Lets other processes of this user work on a warehouse that only one process can have open; `onWrite` is told when
   * one of them has changed something. Warehouses that serve many anyway have no such method.
   */
  share?(onWrite: () => void): Promise<void>
  close(): Promise<void>
}

/**
 * Called with the node's own connection; positional and keyword arguments as the template gave them. Relations come as
 * objects with the fields `database`, `schema`, `identifier` and `type`, dicts as the Map or plain object the template
 * holds: a method that fills a dict in does so for the template to see.
 */
export type AdapterTemplateMethod = (
  call: { readonly connection: () => Promise<Connection>; readonly model: unknown },
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
) => unknown

export interface OpenOptions {
  readonly projectRoot: string
  readonly threads: number
  readonly signal: AbortSignal
  /** Environment of the invocation. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Told of what the warehouse or its driver has to say beside results. */
  readonly notify?: (level: 'debug' | 'info' | 'warn', message: string) => void
  /** Nothing will be written: a file that one writer or many readers can have is opened for reading. */
  readonly readOnly?: boolean
  /** Seconds to wait for a warehouse that another process has for itself. Default 0. */
  readonly wait?: number
}

/** What a warehouse may want to know of a source before it is written into a query: fields of the manifest's source. */
export interface SourceToRender {
  readonly name: string
  readonly source_name: string
  readonly identifier: string
  readonly schema: string
  readonly database: string | null
  readonly tags: readonly string[]
  readonly meta: Readonly<Record<string, unknown>>
  readonly config: Readonly<Record<string, unknown>>
}

/** Everything the tool needs to know about one warehouse. A new warehouse is one folder that default-exports this. */
export interface AdapterPlugin {
  /** `type:` in profiles.yml and prefix of its macros (`duckdb__`). */
  readonly type: string
  /** Macro and dialect fallback: redshift -> postgres. */
  readonly parent?: string
  readonly fields: readonly CredentialField[]
  /** Checks and completes a rendered profile output; throws PlumbError kind `profile`. */
  credentials(output: Readonly<Record<string, unknown>>, projectRoot: string): Credentials
  /** What `target` shows in templates beyond name, type, schema, threads, profile_name: no secrets. */
  targetVars(credentials: Credentials): Readonly<Record<string, unknown>>
  readonly dialect: Dialect
  readonly capabilities: Readonly<Partial<Record<Capability, boolean>>>
  /**
   * What `templateMethods` answer while templates are parsed and nothing is connected; a method that is not named here
   * answers None then.
   */
  readonly parseMethods?: Readonly<
    Record<
      string,
      (credentials: Credentials, args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>) => unknown
    >
  >
  /** Behaviour flags this warehouse adds, with their defaults (`adapter.behavior`). */
  readonly behaviorFlags?: Readonly<Record<string, boolean>>
  /** Methods of `api.Relation` objects that only this warehouse has. */
  readonly relationMethods?: Readonly<
    Record<
      string,
      (relation: RelationInfo, args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>) => unknown
    >
  >
  /** How the names of dbt's classes for it begin: `DuckDB` in `DuckDBRelation`. Macros look at such names. */
  readonly pythonName?: string
  /** Package name of its macros: `dbt_duckdb`. Found in `adapters/<type>/macros` (source) or `macros/dbt_<type>` (bundle). */
  readonly macroPackage: string
  /** The header of errors that come from this warehouse, where dbt does not say `Database Error`. */
  readonly errorHeader?: string
  /**
   * How `source()` is written into a query when it is not a table's name: DuckDB reads files that way. Null for the
   * ordinary name. `execute` is false while parsing.
   */
  readonly renderSource?: (source: SourceToRender, options: { readonly execute: boolean }) => string | null
  open(credentials: Credentials, options: OpenOptions): Promise<Adapter>
  /** The warehouse by OpenLineage's naming rules: `postgres://db.example:5432`. Default: the type. */
  readonly lineageNamespace?: (credentials: Credentials) => string
  /**
   * Text that is another one whenever what the warehouse holds has changed, found without connecting; undefined where
   * only the warehouse itself could tell.
   */
  readonly stateStamp?: (credentials: Credentials) => string | undefined
  /** A database without data in which statements are bound as the warehouse would; where the engine runs in-process. */
  readonly openSchemaDatabase?: (credentials: Credentials) => Promise<SchemaDatabase>
}

/** Tables without rows: whether statements fit them, and what they give, is found out without touching data. */
export interface SchemaDatabase {
  /** Makes, or replaces, empty tables. Gives those that cannot be made (of types that the engine does not have). */
  createTables(tables: readonly SchemaTableToMake[]): Promise<readonly SchemaTableToMake[]>
  /**
   * Columns that a query gives, in order.
   * @throws PlumbError kind `database`, with the place in the statement, when it does not fit.
   */
  bind(sql: string): Promise<readonly NamedType[]>
  /** The engine's own name of a type (`int` -> `INTEGER`); undefined for what is none. */
  typeName(type: string): Promise<string | undefined>
  /** Tables that a query reads by the engine's own grammar, CTEs left out; undefined for what it cannot take apart. */
  tablesIn(sql: string): Promise<readonly TableInSql[] | undefined>
  /** The answer to a question about the tables themselves (`describe ...`): rows there are none of. */
  ask(sql: string): Promise<QueryResult>
  /** Macros and functions of users that are in the live database. */
  copyFunctions(live: Connection): Promise<void>
  close(): void
}

export interface TableInSql {
  /** Database, schema and name, as far as they are written. */
  readonly parts: readonly string[]
  /** Where its name is in the query; undefined where the engine does not say. */
  readonly at: number | undefined
}

export interface SchemaTableToMake {
  readonly relation: RelationName
  /** A type that nobody knows goes with everything. */
  readonly columns: readonly { readonly name: string; readonly type: string | null }[]
}

export interface NamedType {
  readonly name: string
  readonly type: string
}
