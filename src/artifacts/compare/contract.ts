import { fail } from '../../core/diagnostic.js'
import type { EventSink } from '../../core/event.js'
import { describeNode, type ModelConstraint, type ModelNode } from '../../manifest/index.js'
import { sameRecord } from './same-value.js'

/** What became of a model's contract: whether it is the same, and which promises were broken. */
export interface ContractChange {
  readonly same: boolean
  readonly breaking: readonly string[]
}

const SAME: ContractChange = { same: true, breaking: [] }

/** Whether the warehouse enforces a kind of constraint; what it does not enforce cannot be broken. */
export type ConstraintEnforced = (type: string) => boolean

/**
 * Compares the contract of a model with what it was. Columns added are a change but break nothing; a contract lifted,
 * columns gone or of another type (sizes aside), enforced constraints gone, and tables turned into views do.
 */
export function compareContract(now: ModelNode, before: ModelNode, isEnforced: ConstraintEnforced): ContractChange {
  const wasEnforced = before.contract?.enforced === true
  const enforced = now.contract?.enforced === true
  if (!wasEnforced) return enforced ? { same: false, breaking: [] } : SAME
  if (enforced && now.contract.checksum === before.contract.checksum) return SAME
  const breaking = [
    enforced
      ? []
      : 'Contract enforcement was removed: Previously, this model had an enforced contract. It is no longer configured ' +
        'to enforce its contract, and this is a breaking change.',
    list('Columns were removed', columnsRemoved(now, before)),
    list('Columns with data_type changes', typesChanged(now, before)),
    list('Enforced column level constraints were removed', columnConstraintsRemoved(now, before, isEnforced)),
    list('Enforced model level constraints were removed', modelConstraintsRemoved(now, before, isEnforced)),
    list('Materialization changed with enforced constraints', materializationChanged(now, before)),
  ]
  return { same: false, breaking: breaking.flat() }
}

function list(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`${title}: \n    - ${items.join('\n    - ')}`]
}

function oldColumns(before: ModelNode) {
  return Object.entries(before.columns).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}

function columnsRemoved(now: ModelNode, before: ModelNode): string[] {
  return oldColumns(before)
    .filter(([key]) => !(key in now.columns))
    .map(([, column]) => column.name)
}

function typesChanged(now: ModelNode, before: ModelNode): string[] {
  return oldColumns(before).flatMap(([key, was]) => {
    const column = now.columns[key]
    if (column === undefined || baseType(was.data_type) === baseType(column.data_type)) return []
    return [`${was.name} (${was.data_type ?? 'None'} -> ${column.data_type ?? 'None'})`]
  })
}

/** `NUMERIC(10, 2)` -> `numeric`: sizes may change. */
function baseType(type: string | null | undefined): string {
  return (type ?? '').split('(')[0]!.trim().toLowerCase()
}

function columnConstraintsRemoved(now: ModelNode, before: ModelNode, isEnforced: ConstraintEnforced): string[] {
  if (!keepsConstraints(before)) return []
  return oldColumns(before).flatMap(([key, was]) => {
    const column = now.columns[key]
    if (column === undefined) return []
    return (was.constraints ?? [])
      .filter((old) => isEnforced(old.type) && !(column.constraints ?? []).some((c) => sameRecord(c, old)))
      .map((old) => `'${old.name ?? old.type}' constraint on column ${key}`)
  })
}

function modelConstraintsRemoved(now: ModelNode, before: ModelNode, isEnforced: ConstraintEnforced): string[] {
  if (!keepsConstraints(before)) return []
  return constraintsOf(before)
    .filter((old) => isEnforced(old.type) && !constraintsOf(now).some((c) => sameRecord(c, old)))
    .map(
      (old) =>
        `'${old.name ?? old.type}' constraint on columns [${(old.columns ?? []).map((c) => `'${c}'`).join(', ')}]`,
    )
}

function materializationChanged(now: ModelNode, before: ModelNode): string[] {
  const had =
    constraintsOf(before).length > 0 || Object.values(before.columns).some((c) => (c.constraints ?? []).length > 0)
  if (!had || !keepsConstraints(before) || keepsConstraints(now)) return []
  return [`${before.config.materialized} -> ${now.config.materialized}`]
}

function constraintsOf(model: ModelNode): readonly ModelConstraint[] {
  return model.constraints ?? []
}

/** Only tables have constraints. */
function keepsConstraints(model: ModelNode): boolean {
  return model.config.materialized === 'table' || model.config.materialized === 'incremental'
}

/**
 * Warns of broken promises of a model without versions; those of a versioned model are refused.
 * @throws PlumbError `contract-breaking-change`.
 */
export function reportBreakingChanges(model: ModelNode, changes: readonly string[], emit: EventSink): void {
  if (changes.length === 0) return
  const reasons = changes.join('\n  - ')
  if (model.version !== null && model.version !== undefined) {
    fail(
      'contract',
      'contract-breaking-change',
      'While comparing to previous project state, dbt detected a breaking change to an enforced contract.' +
        `\n  - ${reasons}\nConsider making an additive (non-breaking) change instead, if possible.\n` +
        'Otherwise, create a new model version: https://docs.getdbt.com/docs/collaborate/govern/model-versions',
      { nodeId: model.unique_id, subject: describeNode(model) },
    )
  }
  emit({
    name: 'UnversionedBreakingChange',
    code: 'I071',
    level: 'warn',
    msg:
      `Breaking change to contracted, unversioned model ${model.name} (${model.original_file_path})\n` +
      'While comparing to previous project state, dbt detected a breaking change to an unversioned model.' +
      `\n  - ${reasons}\n`,
    data: { breaking_changes: changes, model_name: model.name, model_file_path: model.original_file_path },
  })
}

/** What it means for a contract that its model is gone: nothing if there was none, or its time was over. */
export function removalBreaks(model: ModelNode, now: Date): string[] {
  if (model.contract?.enforced !== true) return []
  const end = model.deprecation_date
  if (end !== null && end !== undefined && Date.parse(end) < now.getTime()) return []
  const how = model.config.enabled ? 'deleted or renamed' : 'disabled'
  return [`Contracted model '${model.unique_id}' was ${how}.`]
}
