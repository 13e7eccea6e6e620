import { PyFloat, toStr, type Value } from '../../jinja/index.js'
import type { ResourceType } from '../../manifest/index.js'
import { freshnessShape } from '../shape/resource-shapes.js'
import {
  anyOf,
  anything,
  bool,
  dict,
  integer,
  isDict,
  list,
  matching,
  object,
  oneOf,
  optional,
  type Shape,
  text,
} from '../shape/shape.js'
import { type ConfigField, type ConfigKind, configKind, type Merge } from './config-kind.js'
import { isColor } from './html-colors.js'

type Initial = null | boolean | number | string | (() => unknown)

function field(
  key: string,
  initial: Initial,
  shape: Shape,
  merge: Merge = 'clobber',
  read?: (value: unknown) => unknown,
): ConfigField {
  const made = typeof initial === 'function' ? initial : () => initial
  return { key, initial: made, merge, shape, ...(read === undefined ? {} : { read }) }
}

const maybeText = optional(text)
const maybeBool = optional(bool)
const emptyList = (): unknown[] => []
const emptyDict = (): object => ({})
const texts = list(text)

/** YAML reads `on` and `off` as booleans; here they are names. */
const onOrOff = (value: unknown): unknown => (typeof value === 'boolean' ? (value ? 'on' : 'off') : value)

const maybeInteger = (value: unknown): unknown => {
  if (typeof value === 'string' && /^\s*[-+]?\d+\s*$/.test(value)) return Number(value)
  if (typeof value === 'boolean') return Number(value)
  if (value instanceof PyFloat || typeof value === 'number') return Math.trunc(Number(value))
  return value
}

/** `pre-hook: "vacuum {{ this }}"`, or a mapping, or such a mapping as JSON text. */
function readHooks(value: unknown): unknown {
  return Array.isArray(value) ? value.map(readHook) : value
}

function readHook(source: unknown): unknown {
  let hook = source
  if (typeof source === 'string') {
    hook = parseJsonObject(source) ?? { sql: source }
  }
  if (!isDict(hook)) return hook
  return { sql: hook['sql'], transaction: hook['transaction'] ?? true, index: hook['index'] ?? null }
}

function parseJsonObject(source: string): unknown {
  if (!/^\s*\{/.test(source)) return undefined
  try {
    const value: unknown = JSON.parse(source)
    return isDict(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Keeps the keys that are known, in their order, with their defaults. */
function reader(defaults: Readonly<Record<string, unknown>>): (value: unknown) => unknown {
  return (value) => {
    if (!isDict(value)) return value
    const out: Record<string, unknown> = {}
    for (const key in defaults) out[key] = value[key] === undefined ? defaults[key] : value[key]
    return out
  }
}

const hook = object({ sql: text, transaction: bool, index: optional(integer) }, { required: ['sql'] })
const docs = object({ show: bool, node_color: maybeText })
const contract = object({ enforced: bool, alias_types: bool })

const nodeAndTest: readonly ConfigField[] = [
  field('enabled', true, bool),
  field('alias', null, maybeText),
  field('schema', null, maybeText),
  field('database', null, maybeText),
  field('tags', emptyList, anyOf(texts, text), 'append'),
  field('meta', emptyDict, dict, 'update'),
  field('group', null, maybeText),
  field('static_analysis', null, maybeText, 'clobber', onOrOff),
]

const nodeFields: readonly ConfigField[] = [
  ...nodeAndTest,
  field('materialized', 'view', text),
  field('incremental_strategy', null, maybeText),
  field('batch_size', null, anything),
  field('lookback', 1, anything),
  field('begin', null, anything),
  field('persist_docs', emptyDict, dict),
  field('post-hook', emptyList, list(hook), 'append', readHooks),
  field('pre-hook', emptyList, list(hook), 'append', readHooks),
  field('quoting', emptyDict, dict, 'update'),
  field('column_types', emptyDict, dict, 'update'),
  field('full_refresh', null, maybeBool),
  field('unique_key', null, optional(anyOf(text, texts))),
  field('on_schema_change', 'ignore', maybeText),
  field('on_configuration_change', 'apply', oneOf('apply', 'continue', 'fail')),
  field('grants', emptyDict, dict, 'dict-key-append'),
  field('packages', emptyList, texts, 'append'),
  field('docs', () => ({ show: true, node_color: null }), docs, 'update', reader({ show: true, node_color: null })),
  field(
    'contract',
    () => ({ enforced: false, alias_types: true }),
    contract,
    'update',
    reader({ enforced: false, alias_types: true }),
  ),
  field('event_time', null, anything),
  field('concurrent_batches', null, anything),
]

type Settings = { readonly [key: string]: unknown }

function brokenNode(config: Settings): string | undefined {
  const color = isDict(config['docs']) ? config['docs']['node_color'] : null
  if (typeof color === 'string' && color !== '' && !isColor(color)) {
    return (
      `Invalid color name for docs.node_color: ${color}. ` +
      'It is neither a valid HTML color name nor a valid HEX code.'
    )
  }
  const enforced = isDict(config['contract']) && config['contract']['enforced'] === true
  const onChange = config['on_schema_change']
  if (
    enforced &&
    config['materialized'] === 'incremental' &&
    onChange !== 'append_new_columns' &&
    onChange !== 'fail'
  ) {
    return (
      `Invalid value for on_schema_change: ${toStr(onChange as Value)}. Models ` +
      'materialized as incremental with contracts enabled must set ' +
      "on_schema_change to 'append_new_columns' or 'fail'"
    )
  }
  return undefined
}

const node = configKind('NodeConfig', nodeFields, { broken: brokenNode })

/** Only `freshness.build_after` counts; its count and period belong together. */
function readModelFreshness(value: unknown): unknown {
  if (!isDict(value) || !isDict(value['build_after'])) return null
  const { count = null, period = null, updates_on = 'any', ...rest } = value['build_after']
  return { ...value, build_after: { count, period, updates_on, ...rest } }
}

function brokenModel(config: Settings): string | undefined {
  const broken = brokenNode(config)
  if (broken !== undefined) return broken
  const freshness = config['freshness']
  if (!isDict(freshness) || !isDict(freshness['build_after'])) return undefined
  const { count, period } = freshness['build_after']
  if (period && (count === null || count === undefined)) {
    return '`freshness.build_after` must have a value for `count` if a `period` is provided'
  }
  if (count !== null && count !== undefined && !period) {
    return '`freshness.build_after` must have a value for `period` if a `count` is provided'
  }
  return undefined
}

const modelFreshness = object(
  {
    build_after: object(
      {
        count: optional(integer),
        period: optional(oneOf('minute', 'hour', 'day')),
        updates_on: oneOf('all', 'any'),
      },
      { extra: true },
    ),
  },
  { extra: true, required: ['build_after'] },
)

const model = configKind(
  'ModelConfig',
  [
    ...nodeFields,
    field('access', 'protected', oneOf('private', 'protected', 'public')),
    field('freshness', null, optional(modelFreshness), 'clobber', readModelFreshness),
  ],
  { broken: brokenModel },
)

const seed = configKind(
  'SeedConfig',
  [
    ...nodeFields,
    field('materialized', 'seed', text),
    field('delimiter', ',', text),
    field('quote_columns', null, maybeBool),
  ],
  {
    broken: brokenNode,
    brokenLast: (config) =>
      config['materialized'] && config['materialized'] !== 'seed'
        ? "A seed must have a materialized value of 'seed'"
        : undefined,
  },
)

const snapshotColumns = {
  dbt_valid_to: null,
  dbt_valid_from: null,
  dbt_scd_id: null,
  dbt_updated_at: null,
  dbt_is_deleted: null,
}

const snapshot = configKind(
  'SnapshotConfig',
  [
    ...nodeFields,
    field('materialized', 'snapshot', text),
    field('strategy', null, maybeText),
    field('target_schema', null, maybeText),
    field('target_database', null, maybeText),
    field('updated_at', null, maybeText),
    field('check_cols', null, optional(anyOf(text, texts))),
    field(
      'snapshot_meta_column_names',
      () => ({ ...snapshotColumns }),
      object(Object.fromEntries(Object.keys(snapshotColumns).map((key) => [key, maybeText]))),
      'clobber',
      reader(snapshotColumns),
    ),
    field('dbt_valid_to_current', null, maybeText),
  ],
  { broken: brokenNode },
)

const SEVERITY = /^([Ww][Aa][Rr][Nn]|[Ee][Rr][Rr][Oo][Rr])$/

const STORED_AS = new Map<unknown, string | null>([
  [true, 'table'],
  [false, 'ephemeral'],
])

const test = configKind(
  'TestConfig',
  [
    ...nodeAndTest,
    field('schema', 'dbt_test__audit', maybeText),
    field('materialized', 'test', text),
    field('severity', 'ERROR', matching(SEVERITY)),
    field('store_failures', null, maybeBool),
    field('store_failures_as', null, maybeText),
    field('where', null, maybeText),
    field('limit', null, optional(integer), 'clobber', maybeInteger),
    field('fail_calc', 'count(*)', text),
    field('warn_if', '!= 0', text),
    field('error_if', '!= 0', text),
  ],
  {
    brokenFirst: (config) =>
      typeof config['severity'] === 'string' && config['severity'] !== '' && !SEVERITY.test(config['severity'])
        ? `Severity must be either 'warn' or 'error'. Got '${config['severity']}'`
        : undefined,
    brokenLast: (config) =>
      config['materialized'] && config['materialized'] !== 'test'
        ? "A test must have a materialized value of 'test'"
        : undefined,
    // `store_failures_as` decides; without it, `store_failures` means a table.
    finish: (config) => {
      const as = config['store_failures_as']
      if (as === null) config['store_failures_as'] = STORED_AS.get(config['store_failures']) ?? null
      else config['store_failures'] = as !== 'ephemeral'
    },
  },
)

const FUNCTION_FIELDS: readonly ConfigField[] = [
  ...nodeFields,
  field('materialized', 'function', text),
  field('type', 'scalar', oneOf('scalar', 'aggregate', 'table')),
  field('volatility', null, optional(oneOf('deterministic', 'stable', 'non-deterministic'))),
  field('runtime_version', null, maybeText),
  field('entry_point', null, maybeText),
]

const noFreshnessTime = { count: null, period: null }

/** A threshold with its fields filled in; null stays null (freshness switched off). */
export function readFreshness(value: unknown): unknown {
  if (!isDict(value)) return value
  const time = (key: string): unknown => {
    const given = value[key]
    if (given === undefined) return { ...noFreshnessTime }
    return isDict(given) ? { count: given['count'] ?? null, period: given['period'] ?? null } : given
  }
  return { warn_after: time('warn_after'), error_after: time('error_after'), filter: value['filter'] ?? null }
}

const source = configKind('SourceConfig', [
  field('enabled', true, bool),
  field('event_time', null, anything),
  field(
    'freshness',
    () => ({ warn_after: { ...noFreshnessTime }, error_after: { ...noFreshnessTime }, filter: null }),
    optional(freshnessShape),
    'clobber',
    readFreshness,
  ),
  field('loaded_at_field', null, maybeText),
  field('loaded_at_query', null, maybeText),
  field('meta', emptyDict, dict, 'update'),
  field('tags', emptyList, texts),
  field('static_analysis', null, maybeText, 'clobber', onOrOff),
])

const enabledAndMeta: readonly ConfigField[] = [
  field('enabled', true, bool),
  field('group', null, maybeText),
  field('meta', emptyDict, dict, 'update'),
]

const metric = configKind('MetricConfig', enabledAndMeta)
const semanticModel = configKind('SemanticModelConfig', enabledAndMeta)
const savedQuery = configKind('SavedQueryConfig', [
  ...enabledAndMeta,
  field('export_as', null, optional(oneOf('table', 'view'))),
  field('schema', null, maybeText),
  field('cache', () => ({ enabled: false }), object({ enabled: bool }), 'clobber', reader({ enabled: false })),
])
const exposure = configKind('ExposureConfig', [
  field('enabled', true, bool),
  field('tags', emptyList, texts),
  field('meta', emptyDict, dict),
])
const unitTest = configKind('UnitTestConfig', [
  field('tags', emptyList, anyOf(text, texts), 'append'),
  field('meta', emptyDict, dict, 'update'),
  field('enabled', true, bool),
  field('static_analysis', null, maybeText, 'clobber', onOrOff),
])
const group = configKind('GroupConfig', [field('meta', emptyDict, dict, 'update')])

/** Which configuration a resource has; what is not named here has a plain node's. */
const KINDS: { readonly [K in ResourceType]?: ConfigKind } = {
  model,
  seed,
  snapshot,
  test,
  function: configKind('FunctionConfig', FUNCTION_FIELDS, { broken: brokenNode }),
  source,
  metric,
  semantic_model: semanticModel,
  saved_query: savedQuery,
  exposure,
  unit_test: unitTest,
  group,
}

/** The kind of configuration a resource of this type has. */
export function configKindOf(type: ResourceType): ConfigKind {
  return KINDS[type] ?? node
}
