import type { Dialect } from '../adapter.js'
import { isNumericType, isStringType, parseSizedType, renderSizedType, stringSize } from '../column-types.js'
import type { RelationName } from '../relation.js'

const INTEGER_TYPES: ReadonlySet<string> = new Set([
  ...['smallint', 'integer', 'bigint', 'smallserial', 'serial', 'bigserial'],
  ...['int2', 'int4', 'int8', 'serial2', 'serial4', 'serial8'],
])
const FLOAT_TYPES: ReadonlySet<string> = new Set(['real', 'float4', 'float', 'double precision', 'float8', 'double'])

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

/** `'text'`; backslashes are plain characters, as `standard_conforming_strings` (on by default) has it. */
export function stringLiteral(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

/** `"schema"."identifier"`, without the parts that are null: a session sees one database only. */
export function renderName({ schema, identifier }: RelationName): string {
  return [schema, identifier]
    .filter((part) => part !== null)
    .map(quoteIdentifier)
    .join('.')
}

/** PostgreSQL's text rules, as dbt-postgres has them. */
export const postgresDialect: Dialect = {
  name: 'postgres',
  quoteIdentifier,
  stringLiteral,
  foldIdentifier: (name) => name.toLowerCase(),
  maxIdentifierLength: 63,
  seedType: (family) => SEED_TYPES[family],
  translateType: (type) => (type.toUpperCase() === 'STRING' ? 'TEXT' : type),
  // Neither text nor varchar without a length gets one here.
  renderColumnType: (column) =>
    column.dataType.toLowerCase() === 'text' ||
    (column.dataType.toLowerCase() === 'character varying' && column.charSize === null)
      ? column.dataType
      : renderSizedType(column),
  parseColumnType: parseSizedType,
  isString: isStringType,
  isNumeric: isNumericType,
  isInteger: (dataType) => INTEGER_TYPES.has(dataType.toLowerCase()),
  isFloat: (dataType) => FLOAT_TYPES.has(dataType.toLowerCase()),
  canExpandTo: (from, to) =>
    isStringType(from.dataType) && isStringType(to.dataType) && stringSize(to) > stringSize(from),
  constraintSupport: {
    check: 'enforced',
    not_null: 'enforced',
    unique: 'enforced',
    primary_key: 'enforced',
    foreign_key: 'enforced',
  },
  incrementalStrategies: ['append', 'delete+insert', 'merge', 'microbatch'],
  quoting: { database: true, schema: true, identifier: true },
  replaceableTypes: new Set(['view', 'table']),
  renameableTypes: new Set(['view', 'table']),
}
