import { diagnostic, PlumbError } from '../../core/diagnostic.js'
import type { ColumnConstraint, ColumnInfo, JsonObject, ModelConstraint } from '../../manifest/index.js'
import { SHARED } from '../node-fields.js'
import { isDict } from '../shape/shape.js'

type Data = { readonly [key: string]: unknown }

const CONSTRAINT_TYPES = ['check', 'not_null', 'unique', 'primary_key', 'foreign_key', 'custom']
const GRANULARITIES = new Set<unknown>([
  'nanosecond',
  'microsecond',
  'millisecond',
  'second',
  'minute',
  'hour',
  'day',
  'week',
  'month',
  'quarter',
  'year',
])

/** What a column entry may say; every other key is kept as it is. */
const COLUMN_KEYS = new Set([
  'name',
  'description',
  'meta',
  'data_type',
  'constraints',
  'docs',
  'config',
  'data_tests',
  'tests',
  'quote',
  'tags',
  'granularity',
])

const NO_CONFIG: ColumnInfo['config'] = Object.freeze({ meta: SHARED.meta, tags: SHARED.list })

/** The columns of a node by name, from their entries. A later entry of the same name replaces the earlier. */
export function columnsOf(entries: readonly Data[]): Record<string, ColumnInfo> {
  if (entries.length === 0) return SHARED.columns
  const columns: Record<string, ColumnInfo> = {}
  for (const entry of entries) {
    const column = columnOf(entry)
    columns[column.name] = column
  }
  return columns
}

function columnOf(entry: Data): ColumnInfo {
  const name = entry['name'] as string
  const config = isDict(entry['config']) ? entry['config'] : undefined
  const meta = joinMeta(entry['meta'], config?.['meta'])
  const tags = joinTags(entry['tags'], config?.['tags'])
  const constraints = (entry['constraints'] ?? []) as Data[]
  if (constraints.some((c) => !isConstraintType(c['type']))) {
    throw new PlumbError(diagnostic('parsing', 'constraint-invalid', `Invalid constraint type on column ${name}`))
  }
  const granularity = entry['granularity']
  if (granularity && !GRANULARITIES.has(granularity)) {
    const message = `'${String(granularity)}' is not a valid TimeGranularity`
    throw new PlumbError(
      diagnostic('parsing', 'granularity-invalid', message, { hint: `one of ${[...GRANULARITIES].join(', ')}` }),
    )
  }
  const column: ColumnInfo = {
    name,
    description: (entry['description'] as string | undefined) ?? '',
    meta,
    data_type: (entry['data_type'] as string | null | undefined) ?? null,
    constraints: constraints.length === 0 ? SHARED.list : constraints.map(columnConstraint),
    quote: (entry['quote'] as boolean | null | undefined) ?? null,
    config: meta === SHARED.meta && tags === SHARED.list ? NO_CONFIG : { meta, tags },
    tags,
    granularity: granularity ? String(granularity) : null,
    doc_blocks: SHARED.list,
  }
  for (const key in entry) if (!COLUMN_KEYS.has(key)) column[key] = entry[key]
  return column
}

function joinMeta(own: unknown, ofConfig: unknown): JsonObject {
  const hasOwn = isDict(own) && Object.keys(own).length > 0
  const hasConfig = isDict(ofConfig) && Object.keys(ofConfig).length > 0
  if (!hasOwn && !hasConfig) return SHARED.meta
  return { ...(hasOwn ? own : {}), ...(hasConfig ? ofConfig : {}) } as JsonObject
}

function joinTags(own: unknown, ofConfig: unknown): string[] {
  const tags = [...asTags(own), ...asTags(ofConfig)]
  return tags.length === 0 ? SHARED.list : [...new Set(tags)]
}

/** A list of tags from a list, one text or nothing. */
export function asTags(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? (value as string[]) : []
}

export function isConstraintType(value: unknown): value is ColumnConstraint['type'] {
  return CONSTRAINT_TYPES.includes(value as string)
}

export function constraintTypes(): readonly string[] {
  return CONSTRAINT_TYPES
}

/** A constraint with its fields filled in. */
export function columnConstraint(given: Data): ColumnConstraint {
  return {
    type: given['type'] as ColumnConstraint['type'],
    name: (given['name'] as string | undefined) ?? null,
    expression: (given['expression'] as string | undefined) ?? null,
    warn_unenforced: (given['warn_unenforced'] as boolean | undefined) ?? true,
    warn_unsupported: (given['warn_unsupported'] as boolean | undefined) ?? true,
    to: (given['to'] as string | undefined) ?? null,
    to_columns: (given['to_columns'] as string[] | undefined) ?? [],
  }
}

export function modelConstraint(given: Data): ModelConstraint {
  return { ...columnConstraint(given), columns: (given['columns'] as string[] | undefined) ?? [] }
}
