import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { SemanticManifest } from '../../../src/manifest/semantic-manifest.js'
import type { Answer } from './compare-rows.js'

/** Where the conformance suite lies; it is not part of the repository. */
export function suiteFolder(repository: string): string {
  return join(process.env.PLUMB_SHARED ?? join(repository, '..', 'shared'), 'conformance', 'metricflow')
}

/** A database with the suite's tables. */
export interface SuiteDatabase {
  ask(sql: string): Promise<Answer>
  stop(): Promise<void>
}

export interface ExpectedRows {
  readonly columns: readonly { readonly name: string }[]
  readonly row_count: number
  readonly rows?: readonly (readonly unknown[])[]
  readonly rows_file?: string
}

export interface QueryCase {
  readonly id: string
  readonly feature: string
  readonly tags: readonly string[]
  readonly manifest: string
  readonly query: Readonly<Record<string, unknown>>
  readonly check_order: boolean
  readonly compare: 'rows' | 'row_count'
  /** The hand-written statement, for DuckDB, that the expected rows came from. */
  readonly check_sql?: string
  readonly expected: ExpectedRows
}

export interface ErrorCase {
  readonly id: string
  readonly manifest: string
  readonly query: Readonly<Record<string, unknown>>
}

export interface ValidationCase {
  readonly id: string
  readonly rules: readonly string[]
  readonly expect: 'valid' | 'invalid'
  readonly issues: readonly { readonly level: string; readonly message: string }[]
  readonly semantic_manifest: SemanticManifest
}

export function readQueryCases(folder: string): readonly QueryCase[] {
  return readLines(readFileSync(join(folder, 'open.jsonl'), 'utf8'))
}

export function readErrorCases(folder: string): readonly ErrorCase[] {
  return readLines(readFileSync(join(folder, 'errors.open.jsonl'), 'utf8'))
}

export function readValidationCases(folder: string): readonly ValidationCase[] {
  return readLines(gunzipSync(readFileSync(join(folder, 'validations.open.jsonl.gz'))).toString('utf8'))
}

export function readManifest(folder: string, name: string): SemanticManifest {
  return JSON.parse(readFileSync(join(folder, 'manifests', name, 'semantic_manifest.dbt-core-1.11.16.json'), 'utf8'))
}

export function expectedRows(folder: string, expected: ExpectedRows): readonly (readonly unknown[])[] {
  if (expected.rows !== undefined) return expected.rows
  const file = readFileSync(join(folder, 'expected', (expected.rows_file ?? '').replace(/^expected\//, '')))
  const read: unknown = JSON.parse(gunzipSync(file).toString('utf8'))
  return (Array.isArray(read) ? read : (read as { rows: unknown[][] }).rows) as unknown[][]
}

function readLines<T>(text: string): T[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)
}
