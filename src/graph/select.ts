import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fail } from '../core/diagnostic.js'
import type { EventSink } from '../core/event.js'
import type { GraphNode, Manifest, ResourceType, UniqueId } from '../manifest/index.js'
import { type Dag, reach } from './dag.js'
import { joinTests, type Selected, withTests } from './indirect.js'
import { METHODS } from './methods/index.js'
import type {
  ColumnSelection,
  MethodContext,
  PreviousResults,
  SourceStates,
  StateComparison,
} from './methods/method.js'
import { differenceOf, emptySet, intersectionOf, isEmptySet, type NodeSet, unionOf } from './node-set.js'
import type { Criterion, SelectionSpec } from './selection-spec.js'
import { type Selectors, selectorsMatching } from './selector-definitions.js'
import { suggestFor } from './suggest.js'

export interface SelectOptions {
  /** Types of resource that may be selected; all when absent. */
  readonly resourceTypes?: ReadonlySet<ResourceType> | undefined
  /** A further condition on the result (sources with freshness). */
  readonly keep?: ((node: GraphNode) => boolean) | undefined
  /** Keep resources whose SQL is blank: listing does, running does not. */
  readonly includeEmpty?: boolean | undefined
  /** Directory of the root project: what `path:` looks into for resources of packages. */
  readonly projectRoot?: string | undefined
  readonly state?: StateComparison | undefined
  readonly runResults?: PreviousResults | undefined
  readonly sources?: SourceStates | undefined
  readonly selectors?: Selectors | undefined
  readonly columns?: ColumnSelection | undefined
  /** Told of criteria that find nothing (`NoNodesForSelectionCriteria`). */
  readonly emit?: EventSink | undefined
}

/**
 * The resources a selection finds, in the dag's order.
 * @throws PlumbError for values a method cannot have, missing state, selectors that refer to themselves.
 */
export function selectNodes(
  dag: Dag,
  manifest: Manifest,
  spec: SelectionSpec,
  options: SelectOptions = {},
): Set<UniqueId> {
  return new Selection(dag, manifest, options).find(spec)
}

/** One evaluation: what it walks over, and which named selectors it is in. */
class Selection {
  readonly #dag: Dag
  readonly #options: SelectOptions
  readonly #members: NodeSet
  readonly #context: MethodContext
  /** Names of the selectors being resolved, outermost first. */
  readonly #open: string[] = []
  readonly #warned = new Set<string>()

  constructor(dag: Dag, manifest: Manifest, options: SelectOptions) {
    this.#dag = dag
    this.#options = options
    this.#members = Uint8Array.from(dag.nodes, (node) => (isEnabled(node) ? 1 : 0))
    const { projectRoot } = options
    this.#context = {
      manifest,
      pathExists: projectRoot === undefined ? () => true : (path) => existsSync(join(projectRoot, path)),
      state: options.state,
      runResults: options.runResults,
      sources: options.sources,
      columns: options.columns,
      selectNamed: (pattern) => this.#selectNamed(pattern),
    }
  }

  find(spec: SelectionSpec): Set<UniqueId> {
    const { direct } = this.#select(spec)
    const { resourceTypes, keep, includeEmpty } = this.#options
    const found = new Set<UniqueId>()
    this.#dag.nodes.forEach((node, i) => {
      if (direct[i] === 0) return
      if (resourceTypes !== undefined && !resourceTypes.has(node.resource_type)) return
      if (includeEmpty !== true && isBlank(node)) return
      if (keep === undefined || keep(node)) found.add(node.unique_id)
    })
    return found
  }

  #select(spec: SelectionSpec): Selected {
    if (spec.kind === 'criterion') return this.#criterion(spec)
    const selections = spec.parts.map((part) => this.#select(part))
    const combine = { union: unionOf, intersection: intersectionOf, difference: differenceOf }[spec.kind]
    const mode = spec.indirectSelection
    const direct = combine(
      selections.map((s) => s.direct),
      this.#dag,
    )
    const indirect = combine(
      selections.map((s) => unionOf([s.direct, s.indirect], this.#dag)),
      this.#dag,
    )
    const joined = joinTests(direct, indirect, mode, this.#dag, this.#members)
    if (spec.expected !== undefined && isEmptySet(joined)) this.#warnOfNothing(spec.expected, spec.parts)
    return { direct: joined, indirect }
  }

  #criterion(criterion: Criterion): Selected {
    const found = this.#matching(criterion)
    const sets = [found]
    const { parents, children } = this.#dag
    if (criterion.childrensParents) {
      const below = unionOf([found, reach(children, found, null, this.#members)], this.#dag)
      sets.push(below, reach(parents, below, null, this.#members))
    }
    const { columns } = this.#options
    if (criterion.method === 'column' && columns !== undefined) {
      const value = String(criterion.value)
      if (criterion.parents) sets.push(this.#named(columns.reach(value, 'up', criterion.parentsDepth)))
      if (criterion.children) sets.push(this.#named(columns.reach(value, 'down', criterion.childrenDepth)))
    } else {
      if (criterion.parents) sets.push(reach(parents, found, criterion.parentsDepth, this.#members))
      if (criterion.children) sets.push(reach(children, found, criterion.childrenDepth, this.#members))
    }
    const selected = sets.length === 1 ? found : unionOf(sets, this.#dag)
    const mode = METHODS[criterion.method].final === true ? 'empty' : criterion.indirectSelection
    return withTests(selected, mode, this.#dag, this.#members)
  }

  #named(ids: ReadonlySet<UniqueId>): NodeSet {
    const { nodes } = this.#dag
    return Uint8Array.from(nodes, (node, i) => (this.#members[i] === 1 && ids.has(node.unique_id) ? 1 : 0))
  }

  /** What the method itself finds, without graph operators. */
  #matching(criterion: Criterion): NodeSet {
    const { over, prepare } = METHODS[criterion.method]
    const test = prepare(criterion.value, criterion.args, this.#context)
    const { nodes } = this.#dag
    const found = emptySet(this.#dag)
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i]!
      if (this.#members[i] === 1 && over.has(node.resource_type) && test(node)) found[i] = 1
    }
    return found
  }

  #selectNamed(pattern: string): Set<UniqueId> {
    const found = new Set<UniqueId>()
    for (const [name, spec] of selectorsMatching(this.#options.selectors, pattern)) {
      if (this.#open.includes(name)) {
        fail(
          'selector',
          'selector-cycle',
          `Circular dependency detected in selector: ${[...this.#open, name].join(' --> ')}`,
        )
      }
      this.#open.push(name)
      for (const id of this.find(spec)) found.add(id)
      this.#open.pop()
    }
    return found
  }

  #warnOfNothing(raw: string, parts: readonly SelectionSpec[]): void {
    const { emit } = this.#options
    if (emit === undefined || this.#warned.has(raw)) return
    this.#warned.add(raw)
    const criteria = parts.filter((part): part is Criterion => part.kind === 'criterion')
    const lost = criteria.find((criterion) => isEmptySet(this.#matching(criterion)))
    const hint = lost === undefined ? undefined : suggestFor(lost, this.#dag, this.#members)
    emit({
      name: 'NoNodesForSelectionCriteria',
      code: 'M030',
      level: 'warn',
      msg:
        `The selection criterion '${raw}' does not match any enabled nodes` + (hint === undefined ? '' : `: ${hint}`),
      data: { spec_raw: raw },
    })
  }
}

/** Disabled resources are not in the graph; exposures always are. */
function isEnabled(node: GraphNode): boolean {
  return node.resource_type === 'exposure' || node.config.enabled
}

/** SQL that is only white space; seeds never are. */
function isBlank(node: GraphNode): boolean {
  if (node.resource_type === 'seed' || node.resource_type === 'function') return false
  return 'raw_code' in node && !/\S/.test(node.raw_code)
}
