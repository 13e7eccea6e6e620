import { resolve } from 'node:path'
import { fail, PlumbError } from '../../core/diagnostic.js'
import type { Answer } from '../../query/index.js'
import type { MetricQuery } from '../../semantic/index.js'
import { type AnswerFormat, encodeAnswer, formatOfFile, writeAnswer } from '../answers/write-answer.js'
import type { ExitCode } from '../command.js'
import { EXIT } from '../command.js'
import { formatDiagnostic } from '../print/diagnostics.js'
import { createStyle } from '../print/style.js'
import type { Ready } from '../ready.js'
import type { Door } from './door.js'
import type { Metrics } from './open-metrics.js'
import { requiredGround } from './prove.js'
import { questionOf } from './question.js'

/** Answers the question of the command line. */
export async function answerOne(ready: Ready, metrics: Metrics, door: Door): Promise<ExitCode> {
  const { options } = ready
  const question = questionOf(ready)
  if (options.is('explain', false)) {
    await ready.answer(await explained(ready, metrics, door, question))
    return EXIT.ok
  }
  const { format, path } = formOf(ready)
  const decimals = options.number('decimals')
  const answer = await standing(ready, () => door.ask(question, { require: requiredGround(ready), cache: false }))
  if (answer === null) return EXIT.failures
  const shown = options.is('proof', false)
  // What the answer stands on is looked at before it is read: it must not be newer than the answer.
  const proof = shown ? answer.proof : null
  const { readAnswer } = await import('../../query/index.js')
  const result = await readAnswer(answer)
  const { proofJson, proofText } = await import('./proof-text.js')
  const extra = proof === null ? {} : { proof: proofJson(proof, answer.sql) }
  if (path !== null) {
    await writeAnswer(result, format, path, { decimals, extra })
    if (!ready.flags.quiet) await ready.answer(`${result.rowCount} rows written to ${path}\n`)
  } else await ready.answer(await encodeAnswer(result, format, { decimals, extra }))
  if (options.is('chart', false)) {
    const { chartOf } = await import('../answers/chart.js')
    await ready.answer(`\n${chartOf(result, decimals, process.stdout.columns ?? 100)}\n`)
  }
  if (proof !== null && format !== 'json') {
    // Where the answer is data for a program, the proof stands beside it.
    const text = `\n${proofText(proof, answer.sql)}`
    if (format === 'table' || path !== null) await ready.answer(text)
    else process.stderr.write(text)
  }
  return EXIT.ok
}

/** What would be done for the owner, or for the user of `--as`. */
async function explained(ready: Ready, metrics: Metrics, door: Door, question: MetricQuery): Promise<string> {
  if (door.caller.owner) return (await import('./explain-text.js')).explanationOf(metrics, question, ready)
  const explanation = await door.explain(question)
  if (ready.options.text('answer_output') === 'json') return `${JSON.stringify(explanation, null, 2)}\n`
  return (await import('./as-user.js')).explanationText(door.caller.name, explanation)
}

/** The answer; null, and a word why, when the ground is not as it is required to be. */
async function standing(ready: Ready, ask: () => Promise<Answer>): Promise<Answer | null> {
  try {
    return await ask()
  } catch (error) {
    const unmet = error instanceof PlumbError && error.diagnostics.every(({ code }) => code.startsWith('ground-not-'))
    if (!unmet) throw error
    const style = createStyle(ready.flags.useColors)
    const text = error.diagnostics.map((item) => formatDiagnostic(item, ready.projectDir, style)).join('\n\n')
    ready.emit({ name: 'QueryRefused', code: 'Z002', level: 'error', msg: text, data: { exc: error.message } })
    return null
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
