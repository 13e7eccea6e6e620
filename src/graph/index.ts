export { buildDag } from './build-dag.js'
export { type Adjacency, ancestorsOf, childrenOf, type Dag, dependenciesOf, descendantsOf, parentsOf } from './dag.js'
export { type SummaryNode, summarizeGraph } from './graph-summary.js'
export { METHOD_NAMES, type MethodName } from './method-names.js'
export type {
  ColumnSelection,
  FreshnessResults,
  ModifiedAspect,
  PreviousResults,
  SourceStates,
  StateComparison,
} from './methods/method.js'
export { normalizeSelectors } from './normalize-selectors.js'
export { type ParsedSelection, parseSelection, type SelectionArgs } from './parse-selection.js'
export { chooseResourceTypes, type ResourceTypeArgs } from './resource-types.js'
export { type SelectOptions, selectNodes } from './select.js'
export type { Criterion, SelectionGroup, SelectionSpec } from './selection-spec.js'
export { parseSelectors, type RawSelectors, type Selectors, selectorNamed } from './selector-definitions.js'
