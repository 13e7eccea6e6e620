import { resolve } from 'node:path'
import { fail, PlumbError } from '../../core/diagnostic.js'
import type { Proof } from '../../query/types.js'
import { type AnswerFormat, encodeAnswer, formatOfFile, writeAnswer } from '../answers/write-answer.js'
import type { ExitCode } from '../command.js'
import { EXIT } from '../command.js'
import { formatDiagnostic } from '../print/diagnostics.js'
import { createStyle } from '../print/style.js'
import type { Ready } from '../ready.js'
import { compileQuestion } from './compile-question.js'
import type { Metrics } from './open-metrics.js'
import { proofOf, requiredGround } from './prove.js'
import { questionOf } from './question.js'

/** Answers the question of the command line. */
export async function answerOne(ready: Ready, metrics: Metrics): Promise<ExitCode> {
  const { options } = ready
  const question = questionOf(ready)
  const user = options.text('as_user')
  const asUser = user === null ? null : await import('./as-user.js')
  const permitted = await asUser?.explainAs(ready, metrics, user!, question)
  if (options.is('explain', false)) {
    if (asUser !== null) {
      const asJson = options.text('answer_output') === 'json'
      await ready.answer(asJson ? `${JSON.stringify(permitted, null, 2)}\n` : asUser.explanationText(user!, permitted!))
      return EXIT.ok
    }
    const { explanationOf } = await import('./explain-text.js')
    await ready.answer(await explanationOf(metrics, question, ready))
    return EXIT.ok
  }
  const { format, path } = formOf(ready)
  const decimals = options.number('decimals')
  const asOwner = compileQuestion(metrics.engine, question)
  const compiled = permitted === undefined ? asOwner : { ...asOwner, sql: permitted.sql }
  const required = requiredGround(ready)
  const shown = options.is('proof', false)
  const proof = shown || required.length > 0 ? await proofOf(compiled, metrics) : null
  if (proof !== null && !(await stands(ready, proof, required))) return EXIT.failures
  const result = await metrics.run(compiled.sql)
  const { proofJson, proofText } = await import('./proof-text.js')
  const extra = shown && proof !== null ? { proof: proofJson(proof, compiled.sql) } : {}
  if (path !== null) {
    await writeAnswer(result, format, path, { decimals, extra })
    if (!ready.flags.quiet) await ready.answer(`${result.rowCount} rows written to ${path}\n`)
  } else await ready.answer(await encodeAnswer(result, format, { decimals, extra }))
  if (options.is('chart', false)) {
    const { chartOf } = await import('../answers/chart.js')
    await ready.answer(`\n${chartOf(result, decimals, process.stdout.columns ?? 100)}\n`)
  }
  if (shown && proof !== null && format !== 'json') {
    // Where the answer is data for a program, the proof stands beside it.
    const text = `\n${proofText(proof, compiled.sql)}`
    if (format === 'table' || path !== null) await ready.answer(text)
    else process.stderr.write(text)
  }
  return EXIT.ok
}

/** Whether the ground is as it is required to be; says why when it is not. */
async function stands(ready: Ready, proof: Proof, required: readonly ('fresh' | 'tested')[]): Promise<boolean> {
  const { requireGround } = await import('../../query/proof.js')
  try {
    requireGround(proof, required)
    return true
  } catch (error) {
    if (!(error instanceof PlumbError)) throw error
    const style = createStyle(ready.flags.useColors)
    const text = error.diagnostics.map((item) => formatDiagnostic(item, ready.projectDir, style)).join('\n\n')
    ready.emit({ name: 'QueryRefused', code: 'Z002', level: 'error', msg: text, data: { exc: error.message } })
    return false
  }
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
