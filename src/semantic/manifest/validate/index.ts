import type { Diagnostic } from '../../../core/diagnostic.js'
import type { SemanticManifest } from '../../../manifest/semantic-manifest.js'
import type { RuleIssue } from './rule.js'
import { DEFAULT_RULES, type RuleName, VALIDATION_RULES } from './rules.js'

export type { IssueLevel, RuleIssue } from './rule.js'
export { DEFAULT_RULES, isRuleName, type RuleName } from './rules.js'

export interface ManifestIssue extends RuleIssue {
  readonly rule: RuleName
}

/** What is wrong with a manifest, rule by rule; everything that is found is reported. */
export function validateManifest(
  manifest: SemanticManifest,
  rules: readonly RuleName[] = DEFAULT_RULES,
): readonly ManifestIssue[] {
  return rules.flatMap((rule) => [...VALIDATION_RULES[rule](manifest)].map((issue) => ({ ...issue, rule })))
}

/** Whether a manifest with these issues should not be used. */
export function isInvalid(issues: readonly RuleIssue[]): boolean {
  return issues.some((issue) => issue.level !== 'warning')
}

export function issueDiagnostic(issue: ManifestIssue): Diagnostic {
  return {
    code: `semantic-${issue.rule}`,
    kind: 'semantic',
    severity: issue.level === 'error' ? 'error' : 'warning',
    message: issue.message,
    subject: issue.subject,
    hint: issue.hint,
  }
}
