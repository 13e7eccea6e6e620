import type { SchemaTable, StatementLineage, StatementToAnalyze } from './statement-lineage.js'

export interface WorkerRequest {
  readonly statement: StatementToAnalyze
  readonly known: readonly SchemaTable[]
  readonly dialect: string
}

export type WorkerAnswer =
  | { readonly kind: 'done'; readonly lineage: StatementLineage }
  | { readonly kind: 'failed'; readonly reason: string }
