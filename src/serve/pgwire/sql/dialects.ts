import { refuse, SQLSTATE } from '../protocol/wire-error.js'
import { toStrftime } from './time-formats.js'

/** What differs between warehouses in the SQL that this door writes. */
export interface SqlDialect {
  /** Types of casts: PostgreSQL's name -> the warehouse's. */
  readonly types: Readonly<Record<string, string>>
  /** Calls that are written differently from `name(args)`. */
  readonly calls: Readonly<Record<string, (args: readonly string[], constants: readonly unknown[]) => string>>
  /** Operators that are written differently from `left op right`. */
  readonly operators: Readonly<Record<string, (left: string, right: string) => string>>
  /** Type names keep `(10)` and `(10,2)`, of these types. */
  readonly sized: ReadonlySet<string>
}

const COMMON_TYPES: Readonly<Record<string, string>> = {
  bool: 'BOOLEAN',
  boolean: 'BOOLEAN',
  int2: 'SMALLINT',
  smallint: 'SMALLINT',
  int4: 'INTEGER',
  int: 'INTEGER',
  integer: 'INTEGER',
  int8: 'BIGINT',
  bigint: 'BIGINT',
  float4: 'REAL',
  real: 'REAL',
  float8: 'DOUBLE PRECISION',
  numeric: 'NUMERIC',
  decimal: 'NUMERIC',
  text: 'TEXT',
  varchar: 'VARCHAR',
  bpchar: 'VARCHAR',
  char: 'VARCHAR',
  name: 'TEXT',
  string: 'TEXT',
  date: 'DATE',
  time: 'TIME',
  timestamp: 'TIMESTAMP',
  datetime: 'TIMESTAMP',
  timestamptz: 'TIMESTAMP WITH TIME ZONE',
  interval: 'INTERVAL',
  uuid: 'UUID',
  bytea: 'BYTEA',
  json: 'JSON',
  jsonb: 'JSON',
}

const like = (left: string, right: string, operator: string): string => `(${left} ${operator} ${right})`

const constantText = (constants: readonly unknown[], at: number, call: string): string => {
  const value = constants[at]
  if (typeof value === 'string') return value
  return refuse(SQLSTATE.featureNotSupported, `the format of ${call} must be a constant here`)
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

const postgres: SqlDialect = {
  types: { ...COMMON_TYPES, jsonb: 'JSONB' },
  calls: { every: (args) => `bool_and(${args.join(', ')})` },
  operators: {},
  sized: new Set(['numeric', 'decimal', 'varchar', 'bpchar', 'char', 'time', 'timestamp', 'timestamptz']),
}

const duckdb: SqlDialect = {
  types: {
    ...COMMON_TYPES,
    // Without a size it would be decimal(18,3) there.
    numeric: 'DECIMAL(38, 10)',
    decimal: 'DECIMAL(38, 10)',
    bytea: 'BLOB',
  },
  calls: {
    to_char: (args, constants) => `strftime(${args[0]}, ${quoted(toStrftime(constantText(constants, 1, 'to_char')))})`,
    to_date: (args, constants) =>
      `CAST(strptime(${args[0]}, ${quoted(toStrftime(constantText(constants, 1, 'to_date')))}) AS DATE)`,
    to_timestamp: (args, constants) =>
      args.length === 1
        ? `to_timestamp(${args[0]})`
        : `strptime(${args[0]}, ${quoted(toStrftime(constantText(constants, 1, 'to_timestamp')))})`,
    btrim: (args) => `trim(${args.join(', ')})`,
    char_length: (args) => `length(${args.join(', ')})`,
    character_length: (args) => `length(${args.join(', ')})`,
    every: (args) => `bool_and(${args.join(', ')})`,
    log: (args) => (args.length === 1 ? `log10(${args[0]})` : `(ln(${args[1]}) / ln(${args[0]}))`),
  },
  operators: {
    '~': (left, right) => `regexp_matches(${left}, ${right})`,
    '~*': (left, right) => `regexp_matches(${left}, ${right}, 'i')`,
    '!~': (left, right) => `(NOT regexp_matches(${left}, ${right}))`,
    '!~*': (left, right) => `(NOT regexp_matches(${left}, ${right}, 'i'))`,
    '#': (left, right) => `xor(${left}, ${right})`,
    '^': (left, right) => like(left, right, '**'),
  },
  sized: new Set(['numeric', 'decimal']),
}

const DIALECTS: Readonly<Record<string, SqlDialect>> = { postgres, duckdb }

/** How the warehouse with this dialect is written to; others are taken for a PostgreSQL. */
export function dialectNamed(name: string): SqlDialect {
  return DIALECTS[name] ?? postgres
}
