import { toStr } from '../../jinja/index.js'
import type { ModelNode, ParsedNode } from '../../manifest/index.js'
import { addDisabled, reportDuplicate } from '../resources/add-node.js'
import { isDict } from '../shape/shape.js'
import type { ParseState } from '../state.js'
import { applyConstraints, setContractChecksum } from './constraints.js'
import { columnsOfVersion, type ModelProperties, type ModelVersion, setModelProperties } from './model-properties.js'
import type { Data, NodeProperties } from './node-properties.js'
import { checkOneDisabled, patchConfig, patchNode, setProperties, warnUnmatched } from './patch-node.js'

/** Joins a model's entry to its node, or to the nodes of its versions. */
export async function patchModel(state: ParseState, props: ModelProperties): Promise<void> {
  if (props.versions.length === 0) {
    await patchNode(state, props, (node) => {
      if (node.resource_type !== 'model') return
      setModelProperties(state, node, props, {
        version: null,
        latestVersion: null,
        deprecationDate: (props.data['deprecation_date'] as string | undefined) ?? null,
        access: props.access,
        constraints: props.constraints,
      })
    })
    return
  }
  const renamed: { node: ModelNode; oldName: string }[] = []
  for (const version of props.versions) {
    const fileName = (version.data['defined_in'] as string | undefined) || `${props.name}_v${toStr(version.v)}`
    const found = findVersion(state, props, version, fileName)
    if (found === undefined) {
      warnUnmatched(state, props, fileName)
      continue
    }
    const { node, disabled } = found
    const oldName = node.name
    renameNode(state, props, version, node, disabled)
    await patchVersion(state, props, version, node)
    if (disabled) {
      state.names.removeDisabled(node, oldName)
      state.names.addDisabled(node)
    } else renamed.push({ node, oldName })
  }
  // Only now do the new names hold: until here versions were looked up by their files.
  for (const { node, oldName } of renamed) state.names.remove(node, oldName)
  for (const { node } of renamed) state.names.add(node)
}

interface FoundVersion {
  readonly node: ModelNode
  readonly disabled: boolean
}

/** The node of a version's file; the latest version may be in a file without suffix. */
function findVersion(
  state: ParseState,
  props: ModelProperties,
  version: ModelVersion,
  fileName: string,
): FoundVersion | undefined {
  const { packageName } = props.entry.properties.file
  let node = state.names.refable(fileName, packageName)
  if (node === undefined && version.v === props.latestVersion) node = state.names.refable(props.name, packageName)
  if (node?.resource_type === 'model') return { node, disabled: false }
  const disabled = state.names.disabled(fileName, null, ['model'])
  if (disabled.length === 0) return undefined
  checkOneDisabled(disabled, props)
  return { node: disabled[0] as ModelNode, disabled: true }
}

function renameNode(
  state: ParseState,
  props: ModelProperties,
  version: ModelVersion,
  node: ModelNode,
  disabled: boolean,
): void {
  const { nodes, disabled: disabledNodes } = state.manifest
  const suffix = `v${toStr(version.v)}`
  if (disabled) delete disabledNodes[node.unique_id]
  else delete nodes[node.unique_id]
  node.unique_id = `model.${props.entry.properties.file.packageName}.${props.name}.${suffix}`
  node.fqn = [...node.fqn.slice(0, -1), props.name, suffix]
  if (disabled) {
    addDisabled(state, node)
    return
  }
  const other = nodes[node.unique_id]
  if (other !== undefined) reportDuplicate(state, node, other)
  nodes[node.unique_id] = node
}

async function patchVersion(
  state: ParseState,
  props: ModelProperties,
  version: ModelVersion,
  node: ModelNode,
): Promise<void> {
  const { data } = version
  const own = (data['constraints'] ?? []) as Data[]
  const constraints = own.length > 0 ? own : props.constraints
  const config = deepMerge(props.config, (data['config'] ?? {}) as Data)
  const ofVersion: NodeProperties = {
    ...props,
    description: (data['description'] as string | undefined) || props.description,
    columns: columnsOfVersion(props, version),
    config,
    constraints,
  }
  setProperties(state, node as ParsedNode, ofVersion)
  setModelProperties(state, node, props, {
    version: version.v,
    latestVersion: props.latestVersion,
    deprecationDate: (data['deprecation_date'] as string | undefined) ?? null,
    access: (data['access'] as string | undefined) || props.access,
    constraints,
  })
  // The configuration depends on the version (alias), the contract on the configuration.
  await patchConfig(state, node, ofVersion, config)
  applyConstraints(state, node, constraints)
  setContractChecksum(node)
}

/** Mappings are joined all the way down, lists put before the earlier ones. */
function deepMerge(base: Data, over: Data): Data {
  const out: Data = { ...base }
  for (const key in over) {
    const value = over[key]
    const known = out[key]
    if (isDict(value)) out[key] = deepMerge(isDict(known) ? known : {}, value)
    else if (Array.isArray(value)) out[key] = Array.isArray(known) ? [...value, ...known] : value
    else out[key] = value
  }
  return out
}
