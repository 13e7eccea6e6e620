import type { UniqueId } from '../manifest/index.js'
import { compileQuestion } from './compile-question.js'
import { runQuery } from './execution/run-query.js'
import { type Ground, type Survey, survey } from './ground.js'
import type { Answer, AnswerBatch, Proof, QueryService } from './types.js'

export interface QueryServiceOptions {
  readonly ground: Ground
  /** What an answer that reads these resources stands on. Absent: nothing is known. */
  readonly proof?: (reads: ReadonlySet<UniqueId>, ground: Ground) => Proof | Promise<Proof>
}

/** The proof of which nothing is known. */
export const NO_PROOF: Proof = {
  buildId: null,
  builtAt: null,
  fresh: null,
  tested: null,
  failedTests: [],
  nodes: [],
}

/** The one service behind every door. It does not own the adapter of its ground: whoever opened that closes it. */
export function createQueryService(options: QueryServiceOptions): QueryService {
  const ground: Survey = survey(options.ground)
  const stop = new AbortController()
  return {
    version: 1,
    async ask(question, caller, { signal }): Promise<Answer> {
      const compiled = compileQuestion(question, caller, ground)
      const running = await runQuery(ground.adapter, compiled.sql, {
        bindings: compiled.bindings,
        signal: signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]),
      })
      return {
        columns: running.columns.map(({ name, type }, at) => ({ name, type, meaning: compiled.columns[at] ?? null })),
        batches: readBatches(running),
        sql: compiled.sql,
        cached: false,
        proof: (await options.proof?.(compiled.reads, ground)) ?? NO_PROOF,
        close: () => running.close(),
      }
    },
    async explain(question, caller) {
      const { sql, columns } = compileQuestion(question, caller, ground)
      const steps =
        question.kind === 'metrics'
          ? ground
              .engine()
              .explain(question.query)
              .steps.map((step) => step.text)
          : []
      return { sql, columns, steps, predicates: [] }
    },
    visible() {
      const { metrics, nodes } = ground.manifest
      const models = Object.values(nodes).filter((node) => node.resource_type === 'model')
      return {
        metrics: new Set(Object.values(metrics).map((metric) => metric.name)),
        models: new Set(models.map((node) => node.unique_id)),
        masked: new Set(),
      }
    },
    catalogue() {
      const engine = ground.engine()
      return {
        metrics: (request) => engine.listMetrics(request),
        dimensions: (request) => engine.listDimensions(request),
        entities: (request) => engine.listEntities(request),
        savedQueries: (request) => engine.listSavedQueries(request),
        values: (request) => ({ kind: 'metrics', query: engine.valuesQuery(request) }),
      }
    },
    project: {
      name: ground.manifest.metadata.project_name,
      manifest: ground.manifest,
      targetDir: ground.targetDir,
      projectRoot: ground.projectRoot,
      dialect: ground.adapter.plugin.dialect,
    },
    async close() {
      stop.abort()
    },
  }
}

async function* readBatches(running: {
  next(): Promise<AnswerBatch | null>
  close(): Promise<void>
}): AsyncGenerator<AnswerBatch> {
  try {
    for (let batch = await running.next(); batch !== null; batch = await running.next()) yield batch
  } finally {
    await running.close()
  }
}
