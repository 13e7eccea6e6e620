import type { Value } from '../../jinja/index.js'
import type { Member, NodeScope } from '../node-scope.js'
import type { TemplateSession } from '../session.js'
import type { ScopeSubject } from '../subject.js'

/** `model`: the node as a dict of its own, without what is None; made when a template first asks. */
export const model: Member = (scope) => modelDict(scope.session, scope.subject)

/** Below these keys None is kept: they hold what users wrote, not fields of ours. */
const USER_DATA: ReadonlySet<string> = new Set([
  'meta',
  'kwargs',
  'unrendered_config',
  'column_types',
  'persist_docs',
  'grants',
  'expected_rows',
  'vars',
])

/** Fields of configs that are None when nobody set them; every other key of a config is the user's. */
const OPTIONAL_CONFIG: ReadonlySet<string> = new Set([
  ...['alias', 'schema', 'database', 'group', 'incremental_strategy', 'batch_size', 'begin', 'full_refresh'],
  ...['unique_key', 'event_time', 'concurrent_batches', 'freshness', 'access', 'static_analysis'],
  ...['strategy', 'target_schema', 'target_database', 'updated_at', 'check_cols', 'dbt_valid_to_current'],
  ...['delimiter', 'quote_columns', 'expected_sql'],
  ...['where', 'limit', 'store_failures', 'store_failures_as', 'sql_header'],
  ...['loaded_at_field', 'loaded_at_query', 'invalidate_hard_deletes', 'hard_deletes'],
])

/** A node as templates see it: dbt's `to_dict(omit_none=True)`, with `compiled_sql` as another name of the SQL. */
export function modelDict(session: TemplateSession, subject: ScopeSubject): Value {
  const dict = withoutNone(subject) as Record<string, Value>
  if ('compiled_code' in dict) dict['compiled_sql'] = dict['compiled_code']
  if ('contract' in subject && subject.contract.alias_types && 'columns' in dict) {
    for (const column of Object.values(dict['columns'] as Record<string, Record<string, Value>>)) {
      const type = column['data_type']
      if (typeof type === 'string') column['data_type'] = session.plugin.dialect.translateType(type)
    }
  }
  return dict
}

function withoutNone(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNone)
  if (!isPlain(value)) return value
  const copy: Record<string, unknown> = {}
  for (const key in value) {
    const item = value[key]
    if (item == null) continue
    copy[key] = USER_DATA.has(key)
      ? structuredCopy(item)
      : key === 'config'
        ? configWithoutNone(item)
        : withoutNone(item)
  }
  return copy
}

function configWithoutNone(config: unknown): unknown {
  if (!isPlain(config)) return config
  const copy: Record<string, unknown> = {}
  for (const key in config) {
    const item = config[key]
    if (item === undefined || (item === null && OPTIONAL_CONFIG.has(key))) continue
    copy[key] = USER_DATA.has(key) ? structuredCopy(item) : item === null ? null : withoutNone(item)
  }
  return copy
}

function structuredCopy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(structuredCopy)
  if (!isPlain(value)) return value
  const copy: Record<string, unknown> = {}
  for (const key in value) copy[key] = structuredCopy(value[key])
  return copy
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** `pre_hooks` and `post_hooks`: dicts with `sql` and `transaction`. Tests have none. */
export function hooks(which: 'pre-hook' | 'post-hook'): Member {
  return (scope: NodeScope) => {
    const { subject } = scope
    if (
      subject.resource_type === 'source' ||
      subject.resource_type === 'test' ||
      subject.resource_type === 'unit_test'
    ) {
      return []
    }
    const config = 'config' in subject ? (subject.config as Readonly<Record<string, unknown>>) : {}
    return withoutNone(config[which] ?? []) as Value
  }
}

/** `compiled_code`: the node's SQL once it is compiled; while cloning, a query of what is cloned. */
export const compiledCode: Member = (scope) => {
  const { subject, session } = scope
  const deferred = 'defer_relation' in subject ? subject.defer_relation : undefined
  if (deferred != null && session.flags.which === 'clone') {
    return `select * from ${deferred.relation_name ?? session.relations.ofNode(deferred)}`
  }
  if (!('extra_ctes_injected' in subject) || subject.extra_ctes_injected !== true) return null
  return subject.compiled_code ?? null
}

/** `sql`: the same, for nodes written in SQL. Seeds have no language; a clone of one is a query. */
export const sql: Member = (scope) =>
  'language' in scope.subject && scope.subject.language !== 'sql' ? null : compiledCode(scope)

/** `defer_relation`: the relation that stands in for the node's own, None without one. */
export const deferRelation: Member = (scope) => {
  const deferred = 'defer_relation' in scope.subject ? scope.subject.defer_relation : undefined
  return deferred == null ? null : scope.session.relations.ofNode(deferred)
}
