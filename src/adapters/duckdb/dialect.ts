import type { Dialect } from '../adapter.js'
import { isNumericType, isStringType, parseSizedType, renderSizedType } from '../column-types.js'
import type { RelationName } from '../relation.js'

const INTEGER_TYPES: ReadonlySet<string> = new Set([
  ...['tinyint', 'smallint', 'integer', 'bigint', 'hugeint', 'utinyint', 'usmallint', 'uinteger', 'ubigint'],
  ...['int1', 'int2', 'int4', 'int8', 'short', 'int', 'signed', 'long'],
])
const FLOAT_TYPES: ReadonlySet<string> = new Set(['real', 'float', 'float4', 'float8', 'double'])

const SEED_TYPES = {
  text: 'text',
  integer: 'integer',
  number: 'float8',
  boolean: 'boolean',
  date: 'date',
  datetime: 'timestamp without time zone',
  time: 'time',
} as const

/** `"name"`, with quotes inside doubled. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** `'text'`, with quotes inside doubled; DuckDB has no other escapes in plain literals. */
export function stringLiteral(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

/** `"database"."schema"."identifier"`, without the parts that are null. */
export function renderName({ database, schema, identifier }: RelationName): string {
  return [database, schema, identifier]
    .filter((part) => part !== null)
    .map(quoteIdentifier)
    .join('.')
}

/** DuckDB's text rules, as dbt-duckdb has them. */
export const duckdbDialect: Dialect = {
  name: 'duckdb',
  quoteIdentifier,
  stringLiteral,
  foldIdentifier: (name) => name,
  maxIdentifierLength: null,
  seedType: (family) => SEED_TYPES[family],
  translateType: (type) => (type.toUpperCase() === 'STRING' ? 'TEXT' : type),
  renderColumnType: renderSizedType,
  parseColumnType: parseSizedType,
  isString: isStringType,
  isNumeric: isNumericType,
  isInteger: (dataType) => INTEGER_TYPES.has(dataType.toLowerCase()),
  isFloat: (dataType) => FLOAT_TYPES.has(dataType.toLowerCase()),
  // VARCHAR has no length here: there is never anything to widen.
  canExpandTo: () => false,
  // A foreign key may not name the database, not even the current one.
  foreignKeyTarget: (relation) => relation.split('.').slice(-2).join('.'),
  constraintSupport: {
    check: 'enforced',
    not_null: 'enforced',
    unique: 'enforced',
    primary_key: 'enforced',
    foreign_key: 'enforced',
  },
  incrementalStrategies: ['append', 'delete+insert', 'merge', 'microbatch'],
  quoting: { database: true, schema: true, identifier: true },
  subqueryNeedsAlias: false,
  failsOnMissingRelation: true,
  replaceableTypes: new Set(),
  renameableTypes: new Set(),
}
