import {
  DuckDBBlobValue,
  DuckDBDecimalValue,
  DuckDBTimestampValue,
  type DuckDBValue,
  listValue,
} from '@duckdb/node-api'
import { fail } from '../../core/diagnostic.js'
import type { Decimal } from '../adapter.js'

/**
 * A template's value as a parameter of a statement.
 * @throws PlumbError `binding-type` for objects that no column can hold.
 */
export function bindingValue(value: unknown): DuckDBValue {
  if (value === null || value === undefined) return null
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'bigint':
      return value
    case 'number':
      // A whole number binds as BIGINT, so that `limit ?` and integer columns take it as it is.
      return Number.isSafeInteger(value) ? BigInt(value) : value
  }
  if (value instanceof Date) return new DuckDBTimestampValue(BigInt(value.getTime()) * 1000n)
  if (value instanceof Uint8Array) return new DuckDBBlobValue(value)
  if (Array.isArray(value)) return listValue(value.map(bindingValue))
  if (isDecimal(value)) return decimalValue(value.text)
  const primitive = (value as object).valueOf()
  if (typeof primitive === 'number') return primitive
  fail(
    'runtime',
    'binding-type',
    `A value of type ${(value as object).constructor?.name ?? typeof value} cannot be bound to a statement`,
  )
}

function isDecimal(value: unknown): value is Decimal {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'decimal'
}

function decimalValue(text: string): DuckDBValue {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text)
  if (match === null) return text
  const digits = `${match[2]}${match[3] ?? ''}` || '0'
  const scale = match[3]?.length ?? 0
  const width = Math.max(digits.length, scale, 1)
  if (width > 38) return text
  return new DuckDBDecimalValue(BigInt(`${match[1] === '-' ? '-' : ''}${digits}`), width, scale)
}
