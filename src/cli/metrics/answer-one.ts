import { resolve } from 'node:path'
import { fail } from '../../core/diagnostic.js'
import { type AnswerFormat, encodeAnswer, formatOfFile, writeAnswer } from '../answers/write-answer.js'
import type { ExitCode } from '../command.js'
import { EXIT } from '../command.js'
import type { Ready } from '../ready.js'
import { compileQuestion } from './compile-question.js'
import type { Metrics } from './open-metrics.js'
import { questionOf } from './question.js'

/** Answers the question of the command line. */
export async function answerOne(ready: Ready, metrics: Metrics): Promise<ExitCode> {
  const { options } = ready
  const question = questionOf(ready)
  if (options.is('explain', false)) {
    const { explanationOf } = await import('./explain-text.js')
    await ready.answer(await explanationOf(metrics, question, ready))
    return EXIT.ok
  }
  const { format, path } = formOf(ready)
  const decimals = options.number('decimals')
  const result = await metrics.run(compileQuestion(metrics.engine, question).sql)
  if (path !== null) {
    await writeAnswer(result, format, path, { decimals })
    if (!ready.flags.quiet) await ready.answer(`${result.rowCount} rows written to ${path}\n`)
  } else await ready.answer(await encodeAnswer(result, format, { decimals }))
  if (options.is('chart', false)) {
    const { chartOf } = await import('../answers/chart.js')
    await ready.answer(`\n${chartOf(result, decimals, process.stdout.columns ?? 100)}\n`)
  }
  return EXIT.ok
}

/** Which form the answer has, and the file it goes to. */
function formOf({ options, invocation }: Ready): { readonly format: AnswerFormat; readonly path: string | null } {
  const [csv, to] = [options.text('csv'), options.text('to_file')]
  const asked = options.text('answer_output') as AnswerFormat | null
  if (csv !== null && to !== null) fail('usage', 'bad-usage', '--csv and --to both name the file: give one of them.')
  if (csv !== null) return { format: 'csv', path: resolve(invocation.cwd, csv) }
  if (to !== null) return { format: asked ?? formatOfFile(to), path: resolve(invocation.cwd, to) }
  const format = asked ?? 'table'
  const isBinary = format === 'parquet' || format === 'arrow' || format === 'xlsx'
  if (isBinary && process.stdout.isTTY) {
    fail('usage', 'bad-usage', `${format} is nothing to read in a terminal.`, {
      hint: `add --to answer.${format}, or redirect the output`,
    })
  }
  return { format, path: null }
}
