import type { Dimension, Entity, EntityType, SemanticModel } from '../../manifest/semantic-manifest.js'
import { isTimeGranularity, type TimeGranularity } from '../../sql/granularity.js'

/** A semantic model with its elements by name, and the joins that lead out of it. */
export interface ModelNode {
  readonly name: string
  readonly model: SemanticModel
  readonly entities: ReadonlyMap<string, Entity>
  readonly dimensions: ReadonlyMap<string, Dimension>
  /** Declared grain by time dimension. */
  readonly timeGrains: ReadonlyMap<string, TimeGranularity>
  /** The entities by which its own elements are named: `listing` in `listing__country`. */
  readonly prefixes: readonly string[]
  readonly validity: ValidityWindow | undefined
  readonly partitions: readonly Dimension[]
  /** Computed on first use: asking it for one model costs the models that share an entity with it. */
  readonly joins: () => readonly ModelJoin[]
}

/** The dimensions that say from when until when a row holds (type 2 of slowly changing dimensions). */
export interface ValidityWindow {
  readonly start: string
  readonly end: string
}

/** A join that cannot multiply rows: to a model where the entity is a key. */
export interface ModelJoin {
  readonly entity: string
  readonly right: ModelNode
}

const KEY_TYPES: ReadonlySet<EntityType> = new Set(['primary', 'unique', 'natural'])

/** The models of a manifest, able to find each other. */
export function buildModelNodes(models: readonly SemanticModel[]): ReadonlyMap<string, ModelNode> {
  const nodes = new Map<string, ModelNode>()
  const byEntity = new Map<string, ModelNode[]>()
  for (const model of models) {
    const node = createNode(model, byEntity)
    nodes.set(node.name, node)
    for (const entity of node.entities.keys()) {
      const sharing = byEntity.get(entity)
      if (sharing === undefined) byEntity.set(entity, [node])
      else sharing.push(node)
    }
  }
  return nodes
}

function createNode(model: SemanticModel, byEntity: ReadonlyMap<string, readonly ModelNode[]>): ModelNode {
  const entities = new Map(model.entities.map((entity) => [entity.name, entity]))
  const times = model.dimensions.filter((dimension) => dimension.type === 'time')
  const start = times.find((dimension) => dimension.type_params?.validity_params?.is_start)
  const end = times.find((dimension) => dimension.type_params?.validity_params?.is_end)
  const keys = model.entities.filter((entity) => KEY_TYPES.has(entity.type)).map((entity) => entity.name)
  let joins: readonly ModelJoin[] | undefined
  const node: ModelNode = {
    name: model.name,
    model,
    entities,
    dimensions: new Map(model.dimensions.map((dimension) => [dimension.name, dimension])),
    timeGrains: new Map(times.map((dimension) => [dimension.name, declaredGrain(dimension)])),
    prefixes: [...new Set([...keys, ...(model.primary_entity ? [model.primary_entity] : [])])],
    validity: start && end ? { start: start.name, end: end.name } : undefined,
    partitions: model.dimensions.filter((dimension) => dimension.is_partition),
    joins: () => (joins ??= findJoins(node, byEntity)),
  }
  return node
}

function declaredGrain(dimension: Dimension): TimeGranularity {
  const grain = dimension.type_params?.time_granularity?.toLowerCase()
  return grain !== undefined && isTimeGranularity(grain) ? grain : 'day'
}

function findJoins(left: ModelNode, byEntity: ReadonlyMap<string, readonly ModelNode[]>): ModelJoin[] {
  const joins: ModelJoin[] = []
  for (const entity of left.entities.values()) {
    for (const right of byEntity.get(entity.name) ?? []) {
      if (right !== left && canJoin(left, right, entity)) joins.push({ entity: entity.name, right })
    }
  }
  return joins
}

/**
 * Whether joining `right` on `entity` keeps one row per row of `left`. A natural key is unique only within its
 * validity window, and two validity windows cannot be held against each other.
 */
function canJoin(left: ModelNode, right: ModelNode, entity: Entity): boolean {
  const rightType = right.entities.get(entity.name)?.type
  if (rightType === undefined || !KEY_TYPES.has(rightType)) return false
  if (left.validity !== undefined && right.validity !== undefined) return false
  if (rightType === 'natural') return entity.type !== 'natural' && right.validity !== undefined
  return true
}
