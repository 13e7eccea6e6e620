import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, extname, join } from 'node:path'
import type { QueryResult } from '../../adapters/adapter.js'
import { fail } from '../../core/diagnostic.js'

export const ANSWER_FORMATS = ['table', 'json', 'csv', 'parquet', 'arrow', 'xlsx'] as const
export type AnswerFormat = (typeof ANSWER_FORMATS)[number]

const BY_ENDING: Readonly<Record<string, AnswerFormat>> = {
  '.csv': 'csv',
  '.json': 'json',
  '.parquet': 'parquet',
  '.arrow': 'arrow',
  '.arrows': 'arrow',
  '.xlsx': 'xlsx',
  '.txt': 'table',
}

/** The format a file's name says. @throws PlumbError `usage` when it says none */
export function formatOfFile(path: string): AnswerFormat {
  const format = BY_ENDING[extname(path).toLowerCase()]
  if (format !== undefined) return format
  return fail('usage', 'bad-option-value', `The ending of '${path}' does not say which form the file has.`, {
    hint: `use one of ${Object.keys(BY_ENDING).join(', ')}, or say --output`,
  })
}

/** The answer in a format: text or bytes. `extra` joins the object that JSON is. */
export async function encodeAnswer(
  result: QueryResult,
  format: AnswerFormat,
  { decimals = null, extra = {} }: { decimals?: number | null; extra?: Readonly<Record<string, unknown>> } = {},
): Promise<string | Uint8Array> {
  switch (format) {
    case 'table':
      return `${(await import('./table.js')).tableOf(result, decimals)}\n`
    case 'csv':
      return (await import('./csv.js')).csvOf(result)
    case 'arrow':
      return (await import('./arrow.js')).arrowOf(result)
    case 'json': {
      const { columnsJson, rowsJson } = await import('./json.js')
      const more = Object.entries(extra).map(
        ([name, value]) => `,\n  ${JSON.stringify(name)}: ${JSON.stringify(value)}`,
      )
      return `{\n  "columns": ${columnsJson(result)},\n  "rows": ${rowsJson(result, '\n    ')}${more.join('')}\n}\n`
    }
    case 'parquet':
    case 'xlsx':
      return fileBytes(result, format)
  }
}

/** Writes the answer to a file, its directory is made. */
export async function writeAnswer(
  result: QueryResult,
  format: AnswerFormat,
  path: string,
  options: { decimals?: number | null; extra?: Readonly<Record<string, unknown>> } = {},
): Promise<void> {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, await encodeAnswer(result, format, options))
}

/** These writers only know files. */
async function fileBytes(result: QueryResult, format: 'parquet' | 'xlsx'): Promise<Uint8Array> {
  const directory = mkdtempSync(join(tmpdir(), 'plumb-answer-'))
  try {
    const path = join(directory, `answer.${format}`)
    if (format === 'parquet') await (await import('./parquet.js')).writeParquet(result, path)
    else await (await import('./xlsx.js')).writeExcel(result, path)
    return readFileSync(path)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
