import type {
  Metric,
  SavedQuery,
  SemanticManifest,
  SemanticMetadata,
  SemanticModel,
} from '../../../manifest/semantic-manifest.js'

/** Looks for one kind of mistake in a manifest; rules know nothing of each other. */
export type ValidationRule = (manifest: SemanticManifest) => Iterable<RuleIssue>

/** A future error does no harm yet, but will be an error in a later version. */
export type IssueLevel = 'error' | 'future-error' | 'warning'

export interface RuleIssue {
  readonly level: IssueLevel
  readonly message: string
  readonly hint?: string | undefined
  /** What the issue is in: `metric revenue (models/metrics.yml)`. */
  readonly subject?: string | undefined
}

export function error(message: string, subject?: string, hint?: string): RuleIssue {
  return { level: 'error', message, subject, hint }
}

export function warning(message: string, subject?: string, hint?: string): RuleIssue {
  return { level: 'warning', message, subject, hint }
}

export function ofModel(model: SemanticModel): string {
  return `semantic model ${model.name}${place(model.metadata)}`
}

export function ofMetric(metric: Metric): string {
  return `metric ${metric.name}${place(metric.metadata)}`
}

export function ofSavedQuery(query: SavedQuery): string {
  return `saved query ${query.name}${place(query.metadata)}`
}

function place(metadata: SemanticMetadata | null | undefined): string {
  return metadata?.repo_file_path ? ` (${metadata.repo_file_path})` : ''
}

/** `a`, `a and b`, `a, b and c`, each in quotes. */
export function listNames(names: Iterable<string>): string {
  const quoted = [...names].map((name) => `'${name}'`)
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`
}

/** Whether a value of a manifest is there: writers put null for what is not set. */
export function isSet<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined
}
