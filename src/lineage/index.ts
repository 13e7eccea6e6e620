export { buildLineage, type ProjectLineage } from './build-lineage.js'
export { type ColumnChange, columnChanges, usersOf } from './column-changes.js'
export { findPlace } from './find-place.js'
export { createLineageGraph, type LineageGraph } from './graph.js'
export { type HardCodedTable, hardCodedText } from './hard-coded.js'
export { type ColumnImpact, type Impact, impactOf, type ProjectSide, type ResourceImpact } from './impact.js'
export type { CachedStatement, CompiledText, LineageCache, LineageInput } from './input.js'
export {
  addsUp,
  hasMoved,
  type Moved,
  type Movement,
  movementText,
  periodsThatMoved,
  type ValuesThatMoved,
  valuesThatMoved,
} from './movement.js'
export { lineageDot, lineageMermaid } from './render/diagram.js'
export { type DataChange, impactMarkdown, impactText } from './render/impact.js'
export { lineageJson } from './render/json.js'
export { lineageTree, type TreeOptions } from './render/tree.js'
export { type TableRole, tableRoles } from './roles.js'
export { ephemeralBoundaries, tableName } from './statements.js'
export { tableLineage } from './table-lineage.js'
export {
  EDGE_KINDS,
  type EdgeKind,
  type LineageColumn,
  type LineageEdge,
  type LineageNode,
  type LineageSlice,
  type Place,
  placeKey,
  VALUE_KINDS,
  type WalkOptions,
} from './types.js'
