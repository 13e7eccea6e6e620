import { fail } from '../core/diagnostic.js'
import type { ColumnDescription } from './column.js'

/**
 * The rules of dbt's base `Column`, which most SQL warehouses share; a dialect takes them over or replaces them.
 */

const STRING_TYPES: ReadonlySet<string> = new Set(['text', 'character varying', 'character', 'varchar'])
const NUMERIC_TYPES: ReadonlySet<string> = new Set(['numeric', 'decimal'])
/** dbt takes an unsized string for this long. */
const DEFAULT_STRING_SIZE = 256

/** A description without sizes. */
export function plainColumn(name: string, dataType: string): ColumnDescription {
  return { name, dataType, charSize: null, numericPrecision: null, numericScale: null }
}

export function isStringType(dataType: string): boolean {
  return STRING_TYPES.has(dataType.toLowerCase())
}

export function isNumericType(dataType: string): boolean {
  return NUMERIC_TYPES.has(dataType.toLowerCase())
}

/** Declared length of a string column; 256 when it has none. */
export function stringSize(column: ColumnDescription): number {
  return column.dataType === 'text' || column.charSize === null ? DEFAULT_STRING_SIZE : column.charSize
}

/** A column's type with its size: `character varying(256)`, `numeric(10,2)`, otherwise the bare name. */
export function renderSizedType(column: ColumnDescription): string {
  if (isStringType(column.dataType)) return `character varying(${stringSize(column)})`
  if (isNumericType(column.dataType) && column.numericPrecision !== null && column.numericScale !== null) {
    return `${column.dataType}(${column.numericPrecision},${column.numericScale})`
  }
  return column.dataType
}

/**
 * Reads a type with its size into a description: `numeric(10,2)`, `varchar(16)`.
 * @throws PlumbError `column-type-unreadable` for an empty type or a size that is no number.
 */
export function parseSizedType(name: string, type: string): ColumnDescription {
  const match = /^([^(]+)(\([^)]+\))?/.exec(type)
  if (match === null) fail('runtime', 'column-type-unreadable', `Could not interpret data type "${type}"`)
  const plain = plainColumn(name, match[1]!)
  if (match[2] === undefined) return plain
  const sizes = match[2].slice(1, -1).split(',')
  const numbers = sizes.map((size) => {
    if (!/^\s*\d+\s*$/.test(size)) {
      fail(
        'runtime',
        'column-type-unreadable',
        `Could not interpret data_type "${type}": could not convert "${size}" to an integer`,
      )
    }
    return Number(size)
  })
  if (numbers.length === 1) return { ...plain, charSize: numbers[0]! }
  if (numbers.length === 2) return { ...plain, numericPrecision: numbers[0]!, numericScale: numbers[1]! }
  return plain
}
