import { PlumbError } from '../../core/diagnostic.js'
import type { CompiledQuery, MetricQuery, SemanticEngine } from '../../semantic/index.js'

/**
 * The SQL of a question. Filters are read and written in the warehouse's own way where they can be; what cannot be read
 * (a warehouse's own syntax) goes through as it is: the one who asks has the project's credentials anyway.
 */
export function compileQuestion(engine: Pick<SemanticEngine, 'compile'>, question: MetricQuery): CompiledQuery {
  try {
    return engine.compile(question)
  } catch (error) {
    if (!(error instanceof PlumbError) || error.diagnostics.some(({ code }) => code !== 'filter-syntax')) throw error
    return engine.compile({ ...question, trusted: true })
  }
}
