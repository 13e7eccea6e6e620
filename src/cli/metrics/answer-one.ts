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
    const { explainText } = await import('./explain-text.js')
    await ready.answer(`${explainText(metrics, question, ready)}\n`)
    return EXIT.ok
  }
  const compiled = compileQuestion(metrics.engine, question)
  const result = await metrics.run(compiled.sql)
  const { tableOf } = await import('../answers/table.js')
  await ready.answer(`${tableOf(result, options.number('decimals'))}\n`)
  return EXIT.ok
}
