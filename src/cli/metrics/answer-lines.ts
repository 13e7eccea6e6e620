import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fail, PlumbError } from '../../core/diagnostic.js'
import type { AskOptions } from '../../query/index.js'
import { readMetricQuery } from '../../semantic/index.js'
import { columnsJson, rowsJson } from '../answers/json.js'
import type { Ready } from '../ready.js'
import type { Door } from './door.js'
import { requiredGround } from './prove.js'

/**
 * Answers questions that come as JSON lines, each `{"id": ..., "query": {...}}`, with one line each, in their order:
 * `{"id", "columns", "rows"}` or `{"id", "error": {"code", "message", "hint"}}`. A question that cannot be answered
 * stops nothing. Empty lines are passed over.
 */
export async function answerLines(ready: Ready, door: Door, path: string): Promise<void> {
  // Who keeps the process running wants to be told what the tables hold by then.
  const options = { require: requiredGround(ready), cache: path !== '-' }
  for await (const line of linesOf(path, ready.invocation.cwd)) {
    if (ready.invocation.signal.aborted) return
    if (line.trim() !== '') await ready.answer(await answerLine(door, options, line))
  }
}

async function answerLine(door: Door, options: Omit<AskOptions, 'door'>, line: string): Promise<string> {
  let id: unknown = null
  try {
    const asked = readLine(line)
    id = asked['id'] ?? null
    const { readAnswer } = await import('../../query/index.js')
    const result = await readAnswer(await door.ask(readMetricQuery(asked['query']), options))
    return `{"id":${JSON.stringify(id)},"columns":${columnsJson(result)},"rows":${rowsJson(result)}}\n`
  } catch (error) {
    return `${JSON.stringify({ id, error: errorOf(error) })}\n`
  }
}

function readLine(line: string): Readonly<Record<string, unknown>> {
  let read: unknown
  try {
    read = JSON.parse(line)
  } catch (error) {
    fail('semantic', 'question-syntax', `The line is not JSON: ${(error as Error).message}`)
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) {
    fail('semantic', 'question-syntax', 'A question is an object with an id and a query.')
  }
  return read as Readonly<Record<string, unknown>>
}

/** A fault of ours is an answer too: the questions after it are not to suffer. */
function errorOf(error: unknown) {
  if (!(error instanceof PlumbError)) {
    const message = error instanceof Error ? error.message : String(error)
    return { code: 'internal', message, hint: 'This is a fault in Plumbline: please report it.' }
  }
  const hints = [...new Set(error.diagnostics.flatMap(({ hint }) => hint ?? []))]
  return { code: error.first.code, message: error.message, hint: hints.length === 0 ? null : hints.join('\n') }
}

async function* linesOf(path: string, cwd: string): AsyncGenerator<string> {
  const input = path === '-' ? process.stdin : createReadStream(resolve(cwd, path))
  try {
    yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })
  } catch (error) {
    fail('usage', 'bad-option-value', `Invalid value for '--queries': ${(error as Error).message}`)
  }
}
