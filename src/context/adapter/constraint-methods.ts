import { fail } from '../../core/diagnostic.js'
import {
  getItem,
  isMapping,
  isUndefined,
  iterate,
  mappingEntries,
  toRepr,
  toStr,
  truthy,
  type Value,
} from '../../jinja/index.js'
import type { NodeScope } from '../node-scope.js'
import { warnOrError } from '../warn.js'
import { named } from './arguments.js'
import type { AdapterMethods } from './method.js'

/** `adapter` methods that write constraints as DDL. */
export const constraintMethods: AdapterMethods = {
  render_raw_columns_constraints: {
    run: (scope, args, kwargs) => {
      const [columns] = named('render_raw_columns_constraints', ['raw_columns'], args, kwargs)
      if (!isMapping(columns)) fail('compilation', 'constraint', 'Columns with constraints are given as a dict')
      return [...mappingEntries(columns)].map(([, column]) => renderColumn(scope, column))
    },
  },
  render_raw_model_constraints: {
    run: (scope, args, kwargs) => {
      const [constraints] = named('render_raw_model_constraints', ['raw_constraints'], args, kwargs)
      return [...iterate(constraints)]
        .map((raw) => renderSupported(scope, readConstraint(raw), modelConstraint))
        .filter((text): text is string => text !== null)
    },
  },
}

interface Constraint {
  readonly type: string
  readonly name: string
  readonly expression: string
  readonly to: string
  readonly toColumns: readonly string[]
  readonly columns: readonly string[]
  readonly warnUnsupported: boolean
  readonly warnUnenforced: boolean
}

const TYPES: ReadonlySet<string> = new Set(['check', 'not_null', 'unique', 'primary_key', 'foreign_key', 'custom'])

function readConstraint(raw: Value): Constraint {
  const field = (name: string): Value => {
    const value = getItem(raw, name)
    return isUndefined(value) ? null : value
  }
  const text = (name: string): string => (field(name) === null ? '' : toStr(field(name)))
  const list = (name: string): string[] => (field(name) === null ? [] : [...iterate(field(name))].map(toStr))
  const type = isMapping(raw) ? text('type') : ''
  if (!TYPES.has(type)) fail('runtime', 'constraint', `Could not parse constraint: ${toRepr(raw)}`)
  return {
    type,
    name: text('name'),
    expression: text('expression'),
    to: text('to'),
    toColumns: list('to_columns'),
    columns: list('columns'),
    warnUnsupported: field('warn_unsupported') !== false,
    warnUnenforced: field('warn_unenforced') !== false,
  }
}

/** `name type constraint constraint` */
function renderColumn(scope: NodeScope, column: Value): string {
  const name = toStr(getItem(column, 'name'))
  const quoted = truthy(getItem(column, 'quote')) ? scope.session.plugin.dialect.quoteIdentifier(name) : name
  const parts = [`${quoted} ${toStr(getItem(column, 'data_type'))}`]
  const constraints = getItem(column, 'constraints')
  if (constraints !== null && !isUndefined(constraints)) {
    for (const raw of iterate(constraints)) {
      const text = renderSupported(scope, readConstraint(raw), columnConstraint)
      if (text !== null) parts.push(text)
    }
  }
  return parts.join(' ')
}

/** The constraint as DDL where the warehouse has it; warns where it has not, or has it without minding it. */
function renderSupported(
  scope: NodeScope,
  constraint: Constraint,
  render: (constraint: Constraint, scope: NodeScope) => string | null,
): string | null {
  if (constraint.type === 'custom') return render(constraint, scope)
  const { type: adapterType, dialect } = scope.session.plugin
  const support = dialect.constraintSupport[constraint.type] ?? 'not_supported'
  const data = { constraint: constraint.type, adapter: adapterType }
  if (constraint.warnUnsupported && support === 'not_supported') {
    const msg =
      `Constraint types are not supported for ${adapterType} constraints of type ${constraint.type}. ` +
      'Set `warn_unsupported: false` on this constraint to be rid of this warning.'
    warnOrError(scope, { name: 'ConstraintNotSupported', code: 'E049', level: 'warn', msg, data })
  }
  if (constraint.warnUnenforced && support === 'not_enforced') {
    const msg =
      `Constraints of type ${constraint.type} are accepted but not enforced by ${adapterType}. ` +
      'Set `warn_unenforced: false` on this constraint to be rid of this warning.'
    warnOrError(scope, { name: 'ConstraintNotEnforced', code: 'E048', level: 'warn', msg, data })
  }
  return support === 'not_supported' ? null : render(constraint, scope)
}

function columnConstraint(constraint: Constraint, scope: NodeScope): string | null {
  const { expression } = constraint
  switch (constraint.type) {
    case 'check':
      return expression === '' ? null : `check (${expression})`
    case 'not_null':
      return `not null ${expression}`.trim()
    case 'unique':
      return `unique ${expression}`.trim()
    case 'primary_key':
      return `primary key ${expression}`.trim()
    case 'foreign_key':
      return references(constraint, scope)
    default:
      return expression === '' ? null : expression.trim()
  }
}

function modelConstraint(constraint: Constraint, scope: NodeScope): string | null {
  const prefix = constraint.name === '' ? '' : `constraint ${constraint.name} `
  const columns = constraint.columns.join(', ')
  const expression = constraint.expression === '' ? '' : ` ${constraint.expression}`
  switch (constraint.type) {
    case 'check':
      return expression === '' ? null : `${prefix}check (${constraint.expression})`
    case 'unique':
      return `${prefix}unique${expression} (${columns})`
    case 'primary_key':
      return `${prefix}primary key${expression} (${columns})`
    case 'foreign_key': {
      const target = references(constraint, scope)
      return target === null ? null : `${prefix}foreign key (${columns}) ${target}`
    }
    case 'custom':
      return expression === '' ? null : `${prefix}${constraint.expression}`
    default:
      return null
  }
}

function references(constraint: Constraint, scope: NodeScope): string | null {
  if (constraint.to !== '' && constraint.toColumns.length > 0) {
    const target = scope.session.plugin.dialect.foreignKeyTarget?.(constraint.to) ?? constraint.to
    return `references ${target} (${constraint.toColumns.join(', ')})`
  }
  return constraint.expression === '' ? null : `references ${constraint.expression}`
}
