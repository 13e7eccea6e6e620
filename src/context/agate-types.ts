import type { ResultColumn } from '../adapters/adapter.js'
import type { SeedColumnType } from './seed/column-types.js'

/** agate's classes of columns, as dbt uses them. */
export type AgateType = 'Integer' | 'Number' | 'Date' | 'DateTime' | 'ISODateTime' | 'Boolean' | 'Text' | 'TimeDelta'

const OF_SEED: Readonly<Record<SeedColumnType, AgateType>> = {
  integer: 'Integer',
  number: 'Number',
  date: 'Date',
  datetime: 'DateTime',
  'iso-datetime': 'ISODateTime',
  boolean: 'Boolean',
  text: 'Text',
}

const OF_RESULT: Readonly<Record<ResultColumn['family'], AgateType>> = {
  integer: 'Integer',
  number: 'Number',
  boolean: 'Boolean',
  date: 'Date',
  datetime: 'DateTime',
  text: 'Text',
  interval: 'Text',
  other: 'Text',
}

export function agateTypeOf(type: SeedColumnType): AgateType {
  return OF_SEED[type]
}

/** The class of a result's column; agate takes one without any value for integers. */
export function agateTypeOfResult(column: ResultColumn, isEmpty: boolean): AgateType {
  return isEmpty ? 'Integer' : OF_RESULT[column.family]
}
