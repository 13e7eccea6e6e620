import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fail } from '../../core/diagnostic.js'
import type { Json, JsonObject } from '../../manifest/index.js'
import { csvRecords } from '../csv.js'
import type { ParseState } from '../state.js'
import { readReference } from '../templates/reference-expression.js'

export interface UnitTestRows {
  readonly rows: Json
  readonly format: 'dict' | 'csv' | 'sql'
  readonly fixture: string | null
}

export interface GivenRows {
  readonly test: string
  readonly kind: 'input' | 'expected'
  /** What the rows stand for: `ref('orders')`. */
  readonly input?: string | undefined
  readonly format: UnitTestRows['format']
  readonly fixtureName: string | null
  /** The fixture file's contents, when one is named. */
  readonly fixture: string | JsonObject[] | undefined
  readonly rows: string | JsonObject[] | null
}

/**
 * Rows of a unit test in one form: a list of mappings, or SQL. Without rows, an input is the seed it names. The first
 * row without nulls comes first, since warehouses take a column's type from the first row.
 * @throws PlumbError when rows and format do not fit.
 */
export function normalizeRows(state: ParseState, packageName: string, given: GivenRows): UnitTestRows {
  const { test, kind, format, fixtureName } = given
  let rows: string | JsonObject[] | null = given.rows
  if (format === 'dict') {
    if (rows === null && fixtureName === null && given.input !== undefined) {
      rows = rowsOfSeed(state, packageName, given.input)
    }
    if (!Array.isArray(rows)) {
      fail('parsing', 'unit-test-rows', `Unit test ${test} has ${kind} rows which do not match format ${format}`)
    }
    return { rows: withFullRowFirst(rows), format, fixture: fixtureName }
  }
  if (typeof rows !== 'string' && fixtureName === null) {
    fail(
      'parsing',
      'unit-test-rows',
      `Unit test ${test} has ${kind} rows or fixtures which do not match format ${format}.  Expected string.`,
    )
  }
  if (format === 'sql') return { rows: (given.fixture ?? rows) as Json, format, fixture: fixtureName }
  const records = given.fixture ?? csvRecords(rows as string)
  const typed = (Array.isArray(records) ? records : []).map((record) =>
    Object.fromEntries(Object.entries(record).map(([key, value]) => [key, value === '' ? null : value])),
  )
  return { rows: withFullRowFirst(typed), format, fixture: fixtureName }
}

function withFullRowFirst(rows: readonly JsonObject[]): JsonObject[] {
  const out = [...rows]
  const full = out.findIndex((row) => Object.values(row).every((value) => value !== null))
  if (full > 0) [out[0], out[full]] = [out[full]!, out[0]!]
  return out
}

function rowsOfSeed(state: ParseState, packageName: string, input: string): JsonObject[] {
  const reference = readReference(input)
  const ref = 'ref' in reference ? reference.ref : undefined
  const inPackage = ref?.package ?? packageName
  const name = ref?.name ?? input
  const seed = state.names.refable(name, inPackage)
  if (seed?.resource_type !== 'seed') {
    const { config } = state.project.packages.get(packageName) ?? state.project.root
    const where =
      inPackage === packageName
        ? `directories: [${config.seedPaths.map((path) => `'${path}'`).join(', ')}]`
        : `'${inPackage}' package`
    fail('parsing', 'unit-test-rows', `Unable to find seed '${inPackage}.${name}' for unit tests in ${where}`, {
      hint: 'give `rows:`; an input without rows must be a seed',
    })
  }
  return csvRecords(readFileSync(join(seed.root_path ?? '', seed.original_file_path), 'utf8'))
}
