import { fail } from '../../core/diagnostic.js'
import type { Decimal } from '../adapter.js'
import { stringLiteral } from './dialect.js'

/**
 * Writes values into a statement where it has psycopg2's `%s`; `%%` is a percent sign. So dbt's own macros, and
 * projects' copies of them, send many rows at once, which the protocol's numbered parameters do not allow.
 * @throws PlumbError when there are more or fewer places than values.
 */
export function fillPlaceholders(sql: string, values: readonly unknown[]): string {
  let next = 0
  const text = sql.replace(/%[s%]/g, (mark) => (mark === '%%' ? '%' : literal(values[next++])))
  if (next !== values.length) {
    fail('runtime', 'binding-count', `The statement has ${next} placeholders, but ${values.length} values were given`)
  }
  return text
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? numberLiteral(String(value)) : `'${value}'::float8`
    case 'bigint':
      return numberLiteral(String(value))
    case 'boolean':
      return String(value)
    case 'string':
      return stringLiteral(value)
  }
  if (value instanceof Date) return `'${value.toISOString()}'::timestamptz`
  if (value instanceof Uint8Array) return `'\\x${Buffer.from(value).toString('hex')}'::bytea`
  if (isDecimal(value)) return numberLiteral(value.text)
  return stringLiteral(String(value))
}

/** `--1` would begin a comment. */
function numberLiteral(text: string): string {
  return text.startsWith('-') ? ` ${text}` : text
}

/** A value as the driver's numbered parameters take it: text, which the server casts. */
export function parameterText(value: unknown): unknown {
  return isDecimal(value) ? value.text : typeof value === 'bigint' ? String(value) : value
}

function isDecimal(value: unknown): value is Decimal {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'decimal'
}
