import type { EventSink } from '../../core/event.js'
import { findResource, type GraphNode, type Manifest, type UniqueId } from '../../manifest/index.js'
import { type ConstraintEnforced, compareContract, removalBreaks, reportBreakingChanges } from './contract.js'
import { compareMacros, type MacrosChanged } from './macros.js'
import {
  type ProjectNode,
  sameAsReference,
  sameBody,
  sameConfig,
  sameFqn,
  samePersistedDescriptions,
  sameRelation,
  sameSignature,
} from './same-node.js'
import {
  sameExposure,
  sameExposureConfig,
  sameMetric,
  sameMetricConfig,
  sameSavedQuery,
  sameSavedQueryConfig,
  sameSemanticModel,
  sameSemanticModelConfig,
  sameSource,
  sameSourceConfig,
  sameSourceRelation,
} from './same-others.js'

/** What of a resource may have been modified; `modified` = anything that counts. */
export type StateAspect =
  | 'modified'
  | 'modified.body'
  | 'modified.configs'
  | 'modified.persisted_descriptions'
  | 'modified.relation'
  | 'modified.macros'
  | 'modified.contract'

export interface CompareOptions {
  /** Told of broken contracts and of large seeds. */
  readonly emit: EventSink
  /** Whether the warehouse enforces a kind of constraint; all but `custom` when absent. */
  readonly isEnforced?: ConstraintEnforced
  /** Behaviour flag `state_modified_compare_more_unrendered_values`: sources by schema and database as written. */
  readonly compareMoreUnrendered?: boolean
  /** Packages of built-in macros, of which changes do not count; `dbt` and the adapter's when absent. */
  readonly builtinPackages?: Iterable<string>
  readonly now?: Date
}

/** A project compared with an earlier manifest of it. Answers are worked out when asked for. */
export interface ComparedState {
  /** Whether the earlier manifest had this resource. */
  existed(id: UniqueId): boolean
  /** @throws PlumbError `contract-breaking-change` for versioned models. */
  isModified(node: GraphNode, aspect: StateAspect): boolean
  /** Warns of contracts broken by models that are gone; refuses it for versioned ones. */
  checkRemoved(): void
}

/** Compares the project with an earlier manifest, by dbt's rules of what counts as modified. */
export function compareState(now: Manifest, before: Manifest, options: CompareOptions): ComparedState {
  const isEnforced = options.isEnforced ?? ((type) => type !== 'custom')
  const unrendered = options.compareMoreUnrendered === true
  const emit = saidOnce(options.emit)
  const builtin = new Set(options.builtinPackages ?? ['dbt', `dbt_${now.metadata.adapter_type}`])
  let macros: MacrosChanged | undefined
  const usesChangedMacros: MacrosChanged = (node) => {
    macros ??= compareMacros(now, before, builtin)
    return macros(node)
  }

  const sameContract = (node: ProjectNode, old: ProjectNode): boolean => {
    if (node.resource_type !== 'model' || old.resource_type !== 'model') return true
    const change = compareContract(node, old, isEnforced)
    reportBreakingChanges(node, change.breaking, emit)
    return change.same
  }

  const sameContents = (node: GraphNode, old: GraphNode): boolean => {
    if (node.resource_type !== old.resource_type) return false
    switch (node.resource_type) {
      case 'source':
        return sameSource(node, old as typeof node, unrendered)
      case 'exposure':
        return sameExposure(node, old as typeof node)
      case 'metric':
        return sameMetric(node, old as typeof node)
      case 'semantic_model':
        return sameSemanticModel(node, old as typeof node)
      case 'saved_query':
        return sameSavedQuery(node, old as typeof node)
      case 'unit_test':
        return node.checksum === (old as typeof node).checksum
      default:
        return sameNode(node, old as ProjectNode)
    }
  }

  const sameNode = (node: ProjectNode, old: ProjectNode): boolean => {
    if (node.resource_type === 'test' && node.test_metadata !== undefined)
      return sameConfig(node, old) && sameFqn(node, old)
    const contract = sameContract(node, old)
    return (
      sameBody(node, old, emit) &&
      sameConfig(node, old) &&
      samePersistedDescriptions(node, old) &&
      sameFqn(node, old) &&
      sameRelation(node, old) &&
      contract &&
      (node.resource_type !== 'model' || sameAsReference(node, old as typeof node)) &&
      (node.resource_type !== 'function' || sameSignature(node, old as typeof node))
    )
  }

  const sameConfigs = (node: GraphNode, old: GraphNode): boolean | undefined => {
    switch (node.resource_type) {
      case 'source':
        return sameSourceConfig(node, old as typeof node)
      case 'exposure':
        return sameExposureConfig(node, old as typeof node)
      case 'metric':
        return sameMetricConfig(node, old as typeof node)
      case 'semantic_model':
        return sameSemanticModelConfig(node, old as typeof node)
      case 'saved_query':
        return sameSavedQueryConfig(node, old as typeof node)
      case 'unit_test':
        return true
      default:
        return sameConfig(node, old as ProjectNode)
    }
  }

  return {
    existed: (id) => findResource(before, id) !== undefined,
    isModified(node, aspect) {
      const old = findResource(before, node.unique_id)
      switch (aspect) {
        case 'modified':
          return (old === undefined ? newIsModified(node) : !sameContents(node, old)) || usesChangedMacros(node)
        case 'modified.macros':
          return usesChangedMacros(node)
        case 'modified.configs':
          return node.resource_type !== 'unit_test' && (old === undefined || !sameConfigs(node, old))
        case 'modified.relation':
          if (node.resource_type === 'source') {
            return old === undefined || !sameSourceRelation(node, old as typeof node, unrendered)
          }
          return isProjectNode(node) && (old === undefined || !sameRelation(node, old as ProjectNode))
        case 'modified.body':
          return isProjectNode(node) && (old === undefined || !sameBody(node, old as ProjectNode, emit))
        case 'modified.persisted_descriptions':
          return isProjectNode(node) && (old === undefined || !samePersistedDescriptions(node, old as ProjectNode))
        case 'modified.contract':
          return isProjectNode(node) && (old === undefined || !sameContract(node, old as ProjectNode))
      }
    },
    checkRemoved() {
      const today = options.now ?? new Date()
      for (const [id, old] of Object.entries(before.nodes)) {
        const gone = now.disabled[id]?.[0] ?? (id in now.nodes ? undefined : old)
        if (gone?.resource_type === 'model') reportBreakingChanges(gone, removalBreaks(gone, today), emit)
      }
    },
  }
}

/** New nodes and unit tests count as modified; new sources, exposures, metrics and the like do not. */
function newIsModified(node: GraphNode): boolean {
  return isProjectNode(node) || node.resource_type === 'unit_test'
}

function isProjectNode(node: GraphNode): node is ProjectNode {
  switch (node.resource_type) {
    case 'source':
    case 'exposure':
    case 'metric':
    case 'semantic_model':
    case 'saved_query':
    case 'unit_test':
      return false
    default:
      return true
  }
}

/** Comparing a node twice must not warn twice. */
function saidOnce(emit: EventSink): EventSink {
  const said = new Set<string>()
  return (event) => {
    const key = `${event.name} ${event.msg}`
    if (said.has(key)) return
    said.add(key)
    emit(event)
  }
}
