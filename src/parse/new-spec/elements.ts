import { type Dimension, ENTITY_TYPES, type Entity, type SemanticConfig } from '../../manifest/semantic-manifest.js'
import { isTimeGranularity } from '../../sql/granularity.js'
import { type Fields, isObject, type YamlObject } from './fields.js'

const DIMENSION_TYPES = ['categorical', 'time'] as const

/** The entity or dimension that a column of a model is. */
export function readColumn(column: Fields): { entity?: Entity; dimension?: Dimension } {
  const name = column.text('name')
  if (name === undefined) return {}
  const entity = column.nested('entity', 'type')
  const dimension = column.nested('dimension', 'type')
  if (entity !== undefined && dimension !== undefined) {
    column.wrong(`The column '${name}' is both an entity and a dimension.`)
    return {}
  }
  if (entity !== undefined) return { entity: readEntity(entity, name, column) }
  if (dimension === undefined) return {}
  return { dimension: readDimension(dimension, name, column.text('granularity'), column) }
}

/** Entities that no column is, with an expression of their own. */
export function readDerivedEntity(fields: Fields): Entity | undefined {
  const expr = fields.required('expr', fields.expression('expr'))
  const name = fields.required('name', fields.text('name'))
  return name === undefined || expr === undefined ? undefined : readEntity(fields, expr)
}

/** Dimensions that no column is, with an expression of their own. */
export function readDerivedDimension(fields: Fields): Dimension | undefined {
  const expr = fields.required('expr', fields.expression('expr'))
  const name = fields.required('name', fields.text('name'))
  return name === undefined || expr === undefined ? undefined : readDimension(fields, expr, fields.text('granularity'))
}

/** `described`: where label and description are if they are not with the element itself. */
function readEntity(fields: Fields, expr: string, described: Fields = fields): Entity {
  return {
    ...readCommon(fields, expr, described),
    type: fields.required('type', fields.choice('type', ENTITY_TYPES)) ?? 'foreign',
    role: null,
  }
}

function readDimension(
  fields: Fields,
  expr: string,
  granularity: string | undefined,
  described: Fields = fields,
): Dimension {
  const type = fields.required('type', fields.choice('type', DIMENSION_TYPES)) ?? 'categorical'
  const common = readCommon(fields, expr, described)
  const isPartition = fields.flag('is_partition') ?? false
  if (type === 'categorical') {
    if (fields.has('validity_params'))
      fields.wrong(`The dimension '${common.name}' is not a time, so rows cannot be valid by it.`)
    return { ...common, type, is_partition: isPartition, type_params: null }
  }
  const grain = granularity?.toLowerCase()
  if (grain === undefined || !isTimeGranularity(grain)) {
    fields.wrong(
      grain === undefined
        ? `The time dimension '${common.name}' has no granularity.`
        : `'${granularity}' is not a time granularity.`,
      'set granularity beside it: granularity: day',
    )
  }
  const validity = fields.object('validity_params')
  return {
    ...common,
    type,
    is_partition: isPartition,
    type_params: {
      time_granularity: grain ?? 'day',
      validity_params:
        validity === undefined
          ? null
          : { is_start: validity['is_start'] === true, is_end: validity['is_end'] === true },
    },
  }
}

function readCommon(fields: Fields, expr: string, described: Fields) {
  const name = fields.text('name') ?? expr
  return {
    name,
    description: fields.text('description') ?? described.text('description') ?? null,
    label: fields.text('label') ?? null,
    expr: expr === name ? null : expr,
    config: readConfig(fields.object('config')),
  }
}

export function readConfig(config: YamlObject | undefined): SemanticConfig | null {
  if (config === undefined) return null
  return { ...config, meta: isObject(config['meta']) ? config['meta'] : {} }
}
