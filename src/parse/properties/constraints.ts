import { sha256 } from '../../core/checksum.js'
import { fail, PlumbError } from '../../core/diagnostic.js'
import { toRepr, toStr, type Value } from '../../jinja/index.js'
import type { ColumnConstraint, ColumnInfo, ModelConstraint, ModelNode } from '../../manifest/index.js'
import { SHARED } from '../node-fields.js'
import type { ParseState } from '../state.js'
import { readReference } from '../templates/reference-expression.js'
import { constraintTypes, isConstraintType, modelConstraint } from './columns.js'

type Data = { readonly [key: string]: unknown }

/**
 * Gives a model the constraints of its properties file and checks them; foreign keys become references.
 * @throws PlumbError for constraints that cannot be.
 */
export function applyConstraints(state: ParseState, model: ModelNode, given: readonly Data[]): void {
  if (model.config.contract?.enforced === true) {
    checkPrerequisites(state, model)
    if (given.some((c) => !isConstraintType(c['type']))) failType(model)
  }
  checkPrimaryKeys(model, given)
  if (given.some((c) => !isConstraintType(c['type']))) failType(model)
  model.constraints = given.length === 0 ? SHARED.list : given.map(modelConstraint)
  for (const constraint of allConstraints(model)) {
    if (constraint.type === 'foreign_key' && constraint.to) addForeignKey(model, constraint.to)
  }
}

function failType(model: ModelNode): never {
  const types = `[${constraintTypes()
    .map((t) => `'${t}'`)
    .join(', ')}]`
  fail('parsing', 'constraint-invalid', `Invalid constraint type on model ${model.name}: Type must be one of ${types}`)
}

function allConstraints(model: ModelNode): ColumnConstraint[] {
  return [...model.constraints, ...Object.values(model.columns).flatMap((column) => column.constraints)]
}

function addForeignKey(model: ModelNode, to: string): void {
  try {
    const reference = readReference(to)
    if ('ref' in reference) model.refs = [...model.refs, reference.ref]
    else model.sources = [...model.sources, [reference.source[0], reference.source[1]]]
  } catch (error) {
    if (!(error instanceof PlumbError)) throw error
    fail(
      'parsing',
      'constraint-invalid',
      `Invalid 'ref' or 'source' syntax on foreign key constraint 'to' on model ${model.name}: ${to}.`,
    )
  }
}

function enforcesConstraints(model: ModelNode): boolean {
  return model.config.materialized === 'table' || model.config.materialized === 'incremental'
}

function checkPrerequisites(state: ParseState, model: ModelNode): void {
  const warns = allConstraints(model).some((constraint) => constraint.warn_unsupported)
  if (warns && !enforcesConstraints(model)) {
    const message =
      `Constraint types are not supported for ${model.config.materialized} materializations and will be ignored.  ` +
      "Set 'warn_unsupported: false' on this constraint to ignore this warning."
    state.warnings.warn('UnsupportedConstraintMaterialization', message, {
      nodeId: model.unique_id,
      data: { materialized: model.config.materialized },
    })
  }
  const errors: string[] = []
  if (Object.keys(model.columns).length === 0) {
    errors.push('Constraints must be defined in a `yml` schema configuration file like `schema.yml`.')
  }
  if (model.language !== 'sql') errors.push(`Language Error: Expected 'sql' but found '${model.language}'`)
  if (errors.length > 0) {
    fail(
      'parsing',
      'contract-invalid',
      `Contract enforcement failed for: (${model.original_file_path})\n${errors.join('\n')}`,
    )
  }
}

function checkPrimaryKeys(model: ModelNode, given: readonly Data[]): void {
  const errors: string[] = []
  const columns = Object.values(model.columns).flatMap((column) =>
    column.constraints.filter((c) => c.type === 'primary_key').map(() => column.name),
  )
  if (columns.length > 1) {
    errors.push(
      `Found ${columns.length} columns (${toRepr(columns)}) with primary key constraints defined. ` +
        'Primary keys for multiple columns must be defined as a model level constraint.',
    )
  }
  const ofModel = [...model.constraints, ...given].some((c) => c['type'] === 'primary_key')
  if (columns.length > 0 && ofModel) {
    errors.push(
      'Primary key constraints defined at the model level and the columns level. ' +
        'Primary keys can be defined at the model level or the column level, not both.',
    )
  }
  if (errors.length > 0) {
    fail(
      'parsing',
      'constraint-invalid',
      `Primary key constraint error: (${model.original_file_path})\n${errors.join('\n')}`,
    )
  }
}

/** Sets the checksum of an enforced contract: a hash of what it promises, in Python's words as dbt makes it. */
export function setContractChecksum(model: ModelNode): void {
  if (model.contract.checksum !== null || !model.contract.enforced) return
  const columns = Object.values(model.columns).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  let state = columns.map(columnState).join('')
  if (enforcesConstraints(model)) {
    state += model.config.materialized + listRepr('ModelLevelConstraint', model.constraints)
  }
  model.contract = { ...model.contract, checksum: sha256(state) }
}

function columnState(column: ColumnInfo): string {
  return `|${column.name}${toStr(column.data_type)}${listRepr('ColumnLevelConstraint', column.constraints)}`
}

function listRepr(type: string, constraints: readonly (ColumnConstraint | ModelConstraint)[]): string {
  const items = constraints.map((constraint) => {
    const fields = Object.entries(constraint).map(([key, value]) =>
      key === 'type'
        ? `type=<ConstraintType.${String(value)}: '${String(value)}'>`
        : `${key}=${toRepr(value as Value)}`,
    )
    return `${type}(${fields.join(', ')})`
  })
  return `[${items.join(', ')}]`
}
