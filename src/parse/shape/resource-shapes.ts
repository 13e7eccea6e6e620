import {
  anyOf,
  anything,
  bool,
  dict,
  integer,
  list,
  number,
  object,
  oneOf,
  optional,
  type Shape,
  text,
} from './shape.js'

/** What may stand in properties files, by resource. Names, order and limits are those of dbt's contracts. */

const maybeText = optional(text)
const maybeBool = optional(bool)
const dicts = list(dict)
const texts = list(text)

const docs = object({ show: bool, node_color: maybeText })
const tests = list(anyOf(dict, text))

const describedFields = {
  name: text,
  description: text,
  meta: dict,
  data_type: maybeText,
  constraints: dicts,
  docs,
  config: dict,
}
const testedFields = { data_tests: tests, tests }

const documentedColumn = object(describedFields, { extra: true, required: ['name'] })
const column = object(
  { ...describedFields, ...testedFields, quote: maybeBool, tags: texts, granularity: maybeText },
  { extra: true, required: ['name'] },
)

const includeExclude = object({ include: anyOf(text, texts), exclude: texts }, { required: ['include'] })

const modelVersion = object(
  {
    v: anyOf(text, number),
    defined_in: maybeText,
    description: text,
    access: maybeText,
    config: dict,
    constraints: dicts,
    docs,
    data_tests: optional(tests),
    tests: optional(tests),
    columns: list(anyOf(includeExclude, column)),
    deprecation_date: maybeText,
  },
  { required: ['v'] },
)

const timeSpine = object(
  {
    standard_granularity_column: text,
    custom_granularities: list(object({ name: text, column_name: maybeText }, { required: ['name'] })),
  },
  { required: ['standard_granularity_column'] },
)

const named = { extra: true, required: ['name'] } as const

/** Seeds and snapshots. */
export const testableShape = object(
  { ...describedFields, ...testedFields, columns: list(column), quote_columns: maybeBool, access: maybeText },
  named,
)

export const modelShape = object(
  {
    ...describedFields,
    ...testedFields,
    columns: list(column),
    quote_columns: maybeBool,
    access: maybeText,
    latest_version: optional(anyOf(text, number)),
    versions: list(modelVersion),
    deprecation_date: maybeText,
    time_spine: optional(timeSpine),
  },
  named,
)

export const analysisShape = object({ ...describedFields, columns: list(documentedColumn), access: maybeText }, named)

export const singularTestShape = object(describedFields, named)

export const macroShape = object(
  {
    ...describedFields,
    arguments: list(object({ name: text, type: maybeText, description: text }, { required: ['name'] })),
  },
  named,
)

export const functionShape = object(
  {
    returns: object({ data_type: text, description: maybeText }, { required: ['data_type'] }),
    ...describedFields,
    access: maybeText,
    arguments: list(
      object(
        { name: text, data_type: text, description: maybeText, default_value: anything },
        { required: ['name', 'data_type'] },
      ),
    ),
  },
  { extra: true, required: ['returns', 'name'] },
)

const quoting = object({ database: maybeBool, schema: maybeBool, identifier: maybeBool, column: maybeBool })
const freshnessTime = object({ count: optional(integer), period: optional(oneOf('minute', 'hour', 'day')) })
export const freshnessShape = object({
  warn_after: optional(freshnessTime),
  error_after: optional(freshnessTime),
  filter: maybeText,
})
const external = object(
  {
    location: maybeText,
    file_format: maybeText,
    row_format: maybeText,
    tbl_properties: maybeText,
    partitions: optional(
      anyOf(texts, list(object({ name: text, description: text, data_type: text, meta: dict }, { extra: true }))),
    ),
  },
  { extra: true },
)
const loadedAt = { loaded_at_field: maybeText, loaded_at_field_present: maybeBool, loaded_at_query: maybeText }

const sourceTable = object(
  {
    ...describedFields,
    ...testedFields,
    columns: list(column),
    ...loadedAt,
    identifier: maybeText,
    quoting,
    freshness: optional(freshnessShape),
    external: optional(external),
    tags: texts,
  },
  named,
)

export const sourceShape = object(
  {
    name: text,
    description: text,
    meta: dict,
    database: maybeText,
    schema: maybeText,
    loader: text,
    quoting,
    freshness: optional(freshnessShape),
    ...loadedAt,
    tables: list(sourceTable),
    tags: texts,
    config: dict,
    unrendered_database: maybeText,
    unrendered_schema: maybeText,
  },
  { required: ['name'] },
)

const sourceTablePatch = object(
  {
    name: text,
    description: maybeText,
    meta: optional(dict),
    data_type: maybeText,
    docs: optional(docs),
    ...loadedAt,
    identifier: maybeText,
    quoting,
    freshness: optional(freshnessShape),
    external: optional(external),
    tags: optional(texts),
    data_tests: optional(tests),
    tests: optional(tests),
    columns: optional(list(column)),
  },
  { required: ['name'] },
)

export const sourcePatchShape = object(
  {
    name: text,
    overrides: text,
    path: text,
    config: dict,
    description: maybeText,
    meta: optional(dict),
    database: maybeText,
    schema: maybeText,
    loader: maybeText,
    quoting: optional(quoting),
    freshness: optional(freshnessShape),
    ...loadedAt,
    tables: optional(list(sourceTablePatch)),
    tags: optional(texts),
  },
  { required: ['name', 'overrides', 'path'] },
)

const owner = object({ email: optional(anyOf(text, texts)), name: maybeText }, { extra: true })

export const exposureShape = object(
  {
    name: text,
    type: oneOf('dashboard', 'notebook', 'analysis', 'ml', 'application'),
    owner,
    description: text,
    label: maybeText,
    maturity: optional(oneOf('low', 'medium', 'high')),
    meta: dict,
    tags: texts,
    url: maybeText,
    depends_on: texts,
    config: dict,
  },
  { required: ['name', 'type', 'owner'] },
)

export const groupShape = object(
  { name: text, owner, description: maybeText, config: dict },
  { required: ['name', 'owner'] },
)

const fixtureRows = optional(anyOf(text, dicts))
const fixtureFormat = oneOf('csv', 'dict', 'sql')
const versionList = optional(list(anyOf(text, number)))

export const unitTestShape = object(
  {
    name: text,
    model: text,
    given: list(
      object({ input: text, rows: fixtureRows, format: fixtureFormat, fixture: maybeText }, { required: ['input'] }),
    ),
    expect: object({ rows: fixtureRows, format: fixtureFormat, fixture: maybeText }),
    description: text,
    overrides: optional(object({ macros: dict, vars: dict, env_vars: dict })),
    config: dict,
    versions: optional(object({ include: versionList, exclude: versionList })),
  },
  { required: ['name', 'model', 'given', 'expect'] },
)

export type { Shape }
