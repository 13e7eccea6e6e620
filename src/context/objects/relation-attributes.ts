import { bindArguments, type HostFunction, type Kwargs, toJs, toStr, type Value } from '../../jinja/index.js'
import type { RelationObject } from './relation.js'
import { nameParts, policyOf } from './relation-parts.js'
import { changedPolicy, NAME_PARTS, type NamePart, type RelationState } from './relation-state.js'
import { RELATION_TYPES, relationTypeOf } from './relation-types.js'

type Method = (relation: RelationObject, args: readonly Value[], kwargs: Kwargs) => Value

/** Plain attributes of relation objects, by Python's names. */
const ATTRIBUTES: Readonly<Record<string, (relation: RelationObject) => Value>> = {
  database: (r) => r.database,
  schema: (r) => r.schema,
  identifier: (r) => r.identifier,
  name: (r) => r.identifier,
  table: (r) => r.identifier,
  type: (r) => r.type,
  path: (r) => ({ database: r.database, schema: r.schema, identifier: r.identifier }),
  quote_character: (r) => r.relationClass.quoted('').charAt(0),
  include_policy: (r) => ({ ...r.state.include }),
  quote_policy: (r) => ({ ...r.state.quote }),
  dbt_created: (r) => r.state.dbtCreated,
  limit: (r) => r.state.limit,
  event_time_filter: (r) => {
    const filter = r.state.eventTimeFilter
    return filter === null ? null : { field_name: filter.fieldName, start: filter.start, end: filter.end }
  },
  require_alias: (r) => r.state.requireAlias,
  catalog: (r) => r.state.catalog,
  external: (r) => r.state.location,
  information_schema_view: (r) => r.state.informationSchemaView,
  renameable_relations: (r) => [...r.relationClass.dialect.renameableTypes],
  replaceable_relations: (r) => [...r.relationClass.dialect.replaceableTypes],
  can_be_renamed: (r) => r.type !== null && r.relationClass.dialect.renameableTypes.has(r.type),
  can_be_replaced: (r) => r.type !== null && r.relationClass.dialect.replaceableTypes.has(r.type),
  is_table: (r) => r.type === 'table',
  is_cte: (r) => r.type === 'cte',
  is_view: (r) => r.type === 'view',
  is_materialized_view: (r) => r.type === 'materialized_view',
  is_pointer: (r) => r.type === 'pointer_table',
  is_function: (r) => r.type === 'function',
  metadata: (r) => ({ type: r.relationClass.objectName }),
}

const METHODS: Readonly<Record<string, Method>> = {
  render: (r) => r.render(),
  render_limited: (r) => r.renderLimited(),
  render_event_time_filtered: (r, args) => r.renderEventTimeFiltered(typeof args[0] === 'string' ? args[0] : undefined),
  quoted: (r, args) => r.relationClass.quoted(toStr(args[0])),
  quote: (r, args, kwargs) => r.with({ quote: changedPolicy(r.state.quote, policyArguments('quote', args, kwargs)) }),
  include: (r, args, kwargs) =>
    r.with({ include: changedPolicy(r.state.include, policyArguments('include', args, kwargs)) }),
  incorporate: (r, _args, kwargs) => r.with(incorporated(r, kwargs)),
  replace: (r, _args, kwargs) => r.with(incorporated(r, kwargs)),
  replace_path: (r, _args, kwargs) => r.with(nameParts(kwargs)),
  without_identifier: (r) => r.withoutIdentifier(),
  information_schema: (r, args) => r.informationSchema(typeof args[0] === 'string' ? args[0] : null),
  information_schema_only: (r) => r.informationSchema(null),
  matches: (r, args, kwargs) => {
    const values = bindArguments('matches', NAME_PARTS, args, kwargs, {
      database: null,
      schema: null,
      identifier: null,
    })
    return r.matches(Object.fromEntries(NAME_PARTS.map((part, i) => [part, values[i] as string | null])))
  },
  relation_max_name_length: (r) => r.relationClass.dialect.maxIdentifierLength,
  get: (r, args) => {
    const value = typeof args[0] === 'string' ? relationAttribute(r, args[0]) : undefined
    return value === undefined ? (args[1] ?? null) : value
  },
  to_dict: (r) => ({
    path: { database: r.database, schema: r.schema, identifier: r.identifier },
    type: r.type,
    quote_policy: { ...r.state.quote },
    include_policy: { ...r.state.include },
    dbt_created: r.state.dbtCreated,
  }),
  get_function_config: (_r, args) => functionConfig(args[0]),
  get_function_macro_name: (_r, args) => {
    const config = toJs(args[0]) as Record<string, unknown>
    return `${String(config['type'])}_function_${String(config['language'])}`
  },
}

/** An attribute or bound method of a relation, or undefined when relations have none of that name. */
export function relationAttribute(relation: RelationObject, name: string): Value {
  const attribute = Object.hasOwn(ATTRIBUTES, name) ? ATTRIBUTES[name] : undefined
  if (attribute !== undefined) return attribute(relation)
  const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined
  if (method !== undefined) return ((args, kwargs) => method(relation, args, kwargs)) satisfies HostFunction
  const special = relation.relationClass.plugin.relationMethods?.[name]
  if (special !== undefined) return ((args, kwargs) => special(relation, args, kwargs) as Value) satisfies HostFunction
  if (Object.hasOwn(RELATION_TYPES, name)) return RELATION_TYPES[name]
  return relation.relationClass.shared(name)
}

function policyArguments(
  method: string,
  args: readonly Value[],
  kwargs: Kwargs,
): { readonly [P in NamePart]?: boolean | null } {
  const values = bindArguments(method, NAME_PARTS, args, kwargs, { database: null, schema: null, identifier: null })
  return Object.fromEntries(NAME_PARTS.map((part, i) => [part, typeof values[i] === 'boolean' ? values[i] : null]))
}

/** `path=`, `type=`, `quote_policy=` ... of `incorporate(...)` as changes of state. */
function incorporated(relation: RelationObject, kwargs: Kwargs): Partial<RelationState> {
  const changes: { -readonly [K in keyof RelationState]?: RelationState[K] } = {}
  for (const [key, value] of Object.entries(kwargs)) {
    if (key === 'path') Object.assign(changes, nameParts(value))
    else if (key === 'type') changes.type = relationTypeOf(value)
    else if (key === 'quote_policy') changes.quote = changedPolicy(relation.state.quote, policyOf(value))
    else if (key === 'include_policy') changes.include = changedPolicy(relation.state.include, policyOf(value))
    else if (key === 'dbt_created') changes.dbtCreated = value === true
    else if (key === 'limit') changes.limit = typeof value === 'number' ? value : null
    else if (key === 'catalog') changes.catalog = typeof value === 'string' ? value : null
    else if (key === 'external') changes.location = typeof value === 'string' ? value : null
  }
  return changes
}

function functionConfig(model: Value): Value {
  const node = toJs(model) as { resource_type?: string; language?: string; config?: Record<string, unknown> }
  if (node.resource_type !== 'function') return null
  const config = node.config ?? {}
  return {
    language: node.language ?? '',
    type: String(config['type'] ?? ''),
    runtime_version: (config['runtime_version'] as string | undefined) ?? null,
    entry_point: (config['entry_point'] as string | undefined) ?? null,
  }
}
