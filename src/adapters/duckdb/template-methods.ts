import { join } from 'node:path'
import { fail, PlumbError } from '../../core/diagnostic.js'
import type { AdapterTemplateMethod, Connection, OpenOptions } from '../adapter.js'
import { indexConfig } from '../index-config.js'
import { argument, type TemplateRelation } from '../template-arguments.js'
import type { DuckDBCredentials } from './credentials.js'
import { duckdbDialect, stringLiteral } from './dialect.js'
import { externalReadLocation, externalWriteOptions, type OptionDict } from './external-files.js'
import type { KeyConstraints } from './key-constraints.js'

/** What dbt-duckdb's macros and those of its users call on `adapter`, beyond the methods of every warehouse. */
export function templateMethods(
  credentials: DuckDBCredentials,
  options: OpenOptions,
  constraints: KeyConstraints,
): Readonly<Record<string, AdapterTemplateMethod>> {
  const warned = new Set<string>()
  const warnOnce = (message: string): null => {
    if (!warned.has(message)) options.notify?.('warn', message)
    warned.add(message)
    return null
  }
  return {
    is_motherduck: () => false,
    disable_transactions: () => credentials.disable_transactions,
    external_root: () => credentials.external_root,
    get_binding_char: () => '?',
    valid_incremental_strategies: () => [...duckdbDialect.incrementalStrategies],
    is_ducklake: (_call, args, kwargs) => isDucklake(credentials, argument(args, kwargs, 0, 'relation')),
    // The faults these workarounds are for ended with DuckDB 1.5.3, and we bring a newer one.
    use_ducklake_table_workarounds: () => false,
    // Text columns have no length here: nothing to widen, so nothing to look up.
    expand_target_column_types: () => null,
    escape_sql_string: (_call, args, kwargs) => String(argument(args, kwargs, 0, 'value')).replaceAll("'", "''"),
    warn_once: (_call, args, kwargs) => warnOnce(String(argument(args, kwargs, 0, 'msg'))),
    external_write_options: (_call, args, kwargs) =>
      externalWriteOptions(
        String(argument(args, kwargs, 0, 'write_location')),
        argument(args, kwargs, 1, 'rendered_options') as OptionDict,
      ),
    external_read_location: (_call, args, kwargs) =>
      externalReadLocation(
        String(argument(args, kwargs, 0, 'write_location')),
        argument(args, kwargs, 1, 'rendered_options') as OptionDict,
      ),
    location_exists: async ({ connection }, args, kwargs) =>
      locationExists(await connection(), String(argument(args, kwargs, 0, 'location'))),
    get_seed_file_path: (_call, args, kwargs) => seedPath(argument(args, kwargs, 0, 'model')),
    // Dates and times of results and seeds already are text here.
    convert_datetimes_to_strs: (_call, args, kwargs) => argument(args, kwargs, 0, 'table'),
    parse_index: (_call, args, kwargs) => indexConfig(argument(args, kwargs, 0, 'raw_index'), ['columns', 'unique']),
    ensure_transaction: async ({ connection }) => {
      const session = await connection()
      if (session.inTransaction) return null
      if (credentials.disable_transactions) {
        warnOnce(
          'disable_transactions is set, but rebuilding a table with foreign key constraints in place takes a ' +
            "transaction, so that a failed build does not lose the existing table's data.",
        )
      }
      await session.begin()
      return null
    },
    catalog_supports_foreign_keys: ({ connection }, args, kwargs) =>
      constraints.possibleIn(String(argument(args, kwargs, 0, 'database')), connection),
    existing_key_constraint_types: ({ connection }, args, kwargs) =>
      constraints.typesOn(argument(args, kwargs, 0, 'relation') as TemplateRelation, connection),
    batch_id_for_model: (_call, args, kwargs) => batchId(argument(args, kwargs, 0, 'model')),
    store_relation: (_call, args, kwargs) =>
      fail(
        'runtime',
        'duckdb-plugin',
        `The plug-in '${String(argument(args, kwargs, 0, 'plugin_name'))}' of dbt-duckdb needs Python and is not supported`,
        { hint: 'write files with the external materialization, or attach the target database with `attach:`' },
      ),
    submit_python_job: () =>
      fail('runtime', 'python-model', 'Python models are not supported: they need a Python process', {
        hint: 'write the model in SQL',
      }),
  }
}

function isDucklake(credentials: DuckDBCredentials, relation: unknown): boolean {
  const database = (relation as TemplateRelation | null | undefined)?.database
  return typeof database === 'string' && credentials.ducklakes.has(database)
}

async function locationExists(connection: Connection, location: string): Promise<boolean> {
  try {
    await connection.execute(`select 1 from ${stringLiteral(location)} where 1=0`)
    return true
  } catch (error) {
    if (error instanceof PlumbError) return false
    throw error
  }
}

function seedPath(model: unknown): string {
  return join(String(field(model, 'root_path')), String(field(model, 'original_file_path')))
}

/** `20240101_0000000000` of a microbatch: tells the temporary tables of concurrent batches apart. Empty otherwise. */
function batchId(model: unknown): string {
  const start = field(field(model, 'batch'), 'event_time_start')
  if (start === null || start === undefined) return ''
  const text =
    start instanceof Date
      ? start
          .toISOString()
          .replace('T', ' ')
          .replace(/(?:\.000)?Z$/, '+00:00')
      : String(start)
  return text.replaceAll(/[-:+]/g, '').replaceAll(' ', '_')
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return value instanceof Map ? value.get(name) : (value as Record<string, unknown>)[name]
}
