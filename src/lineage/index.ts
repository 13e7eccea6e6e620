export { createLineageGraph, type LineageGraph } from './graph.js'
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
