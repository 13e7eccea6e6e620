import { diagnostic, PlumbError } from '../../core/diagnostic.js'
import { closestNames } from '../../core/did-you-mean.js'
import type { GraphNode, ParsedNode, ResourceType } from '../../manifest/index.js'
import { applyNodeConfig, failAccess } from '../apply-config.js'
import { pluralOf } from '../checks/duplicates.js'
import { attempt, type ParseState } from '../state.js'
import { columnsOf } from './columns.js'
import type { NodeProperties } from './node-properties.js'

const ACCESS = new Set<unknown>(['private', 'protected', 'public'])

/** Which resources a list of a properties file describes. */
const TYPES: { readonly [key: string]: ResourceType } = {
  models: 'model',
  seeds: 'seed',
  snapshots: 'snapshot',
  analyses: 'analysis',
  functions: 'function',
}

/** What is done to a node after its general properties were set; for what only some kinds have. */
export type PatchMore = (node: ParsedNode, props: NodeProperties) => void

/**
 * Joins an entry of a properties file to the node it names, or to the disabled ones. An entry that names none is
 * warned of.
 */
export async function patchNode(state: ParseState, props: NodeProperties, more?: PatchMore): Promise<void> {
  const { key, properties } = props.entry
  const type = TYPES[key]!
  const node = findNode(state, props)
  if (node !== undefined && type !== 'function' && type !== 'analysis' && pluralOf(node.resource_type) !== key) {
    const right = pluralOf(node.resource_type)
    const message =
      `'${props.name}' is a ${node.resource_type} node, but it is specified in the ${key} section of ` +
      `${properties.path}. To fix this error, place the \`${props.name}\` specification under the ${right} key instead.`
    state.warnings.warn('WrongResourceSchemaFile', message, {
      at: properties.at([...props.entry.base, 'name']),
      data: {
        patch_name: props.name,
        resource_type: node.resource_type,
        plural_resource_type: right,
        yaml_key: key,
        file_path: properties.path,
      },
    })
    return
  }
  if (node !== undefined) {
    if (node.patch_path !== null) throw describedTwice(props, node.patch_path)
    await join(state, node, props, more)
    return
  }
  const disabled = state.names.disabled(props.name, properties.file.packageName, [type])
  if (disabled.length === 0) {
    warnUnmatched(state, props, props.name)
    return
  }
  checkOneDisabled(disabled, props)
  for (const each of disabled) await join(state, each as ParsedNode, props, more)
}

function findNode(state: ParseState, props: NodeProperties): ParsedNode | undefined {
  const { key, properties } = props.entry
  if (key === 'functions') return Object.values(state.manifest.functions).find((f) => f.name === props.name)
  if (key === 'analyses') return state.names.analysis(props.name)
  return state.names.refable(props.name, properties.file.packageName) ?? state.names.refable(props.name, null)
}

/** Several disabled nodes of one name: a properties file cannot say which of them it enables. */
export function checkOneDisabled(disabled: readonly GraphNode[], props: NodeProperties): void {
  if (disabled.length < 2 || !props.config['enabled']) return
  const message =
    `Found ${disabled.length} matching disabled nodes for ${disabled[0]!.resource_type} '${props.name}'. Multiple ` +
    'nodes for the same unique id cannot be enabled in the schema file. They must be enabled in `dbt_project.yml` or ' +
    'in the sql files.'
  throw props.entry.properties.error('enable-ambiguous', message, props.entry.base)
}

/** Warns of an entry no node goes by. */
export function warnUnmatched(state: ParseState, props: NodeProperties, name: string): void {
  const { key, properties, base } = props.entry
  const message = `Did not find matching node for patch with name '${name}' in the '${key}' section of file '${properties.path}'`
  const names = key === 'analyses' ? 'analysis' : key === 'data_tests' ? 'singularTest' : 'refable'
  const near = closestNames(name, state.names.namesOf(names))
  state.warnings.warn('NoNodeForYamlKey', message, {
    at: properties.at([...base, 'name']),
    ...(near.length === 0 ? {} : { hint: `did you mean ${near.map((n) => `'${n}'`).join(' or ')}?` }),
    data: { patch_name: name, yaml_key: key, file_path: properties.path },
  })
}

async function join(state: ParseState, node: ParsedNode, props: NodeProperties, more?: PatchMore): Promise<void> {
  // The file is noted first: a disabled node keeps it whatever comes after.
  if (Object.keys(props.config).length > 0) await patchConfig(state, node, props, props.config)
  setProperties(state, node, props)
  more?.(node, props)
}

/** Computes a node's configuration anew, with what the properties file says. */
export async function patchConfig(
  state: ParseState,
  node: ParsedNode,
  props: NodeProperties,
  patch: NodeProperties['config'],
): Promise<void> {
  const { access } = patch
  if (access !== undefined && !ACCESS.has(access)) failAccess(node, access)
  const packageName = props.entry.properties.file.packageName
  await applyNodeConfig(state, node, { patch, call: state.configCalls.get(node) }, packageName)
}

/** Description, columns and place of a node's properties. */
export function setProperties(state: ParseState, node: ParsedNode, props: NodeProperties): void {
  const { properties, base } = props.entry
  node.patch_path = properties.id
  node.description = props.description
  node.columns = columnsOf(props.columns)
  node.name = props.name
  if (node.resource_type === 'model') return
  for (const field of ['latest_version', 'access', 'version', 'constraints'] as const) {
    const value = field === 'constraints' ? props.constraints.length > 0 : field === 'access' && props.access
    if (!value) continue
    const message = `Field ${field} is not valid for ${node.resource_type} (${props.name})`
    state.warnings.warn('ValidationWarning', message, {
      at: properties.at([...base, field]),
      nodeId: node.unique_id,
      data: { field_name: field, resource_type: node.resource_type, node_name: props.name },
    })
  }
}

function describedTwice(props: NodeProperties, patchPath: string): PlumbError {
  const { properties, base } = props.entry
  const other = patchPath.slice(patchPath.indexOf('://') + 3)
  const message =
    `dbt found two schema.yml entries for the same resource named ${props.name}. Resources and their associated ` +
    'columns may only be described a single time. To fix this, ' +
    removalAdvice(properties.path, other, props.name, 'resource')
  return new PlumbError(
    diagnostic('compilation', 'duplicate-properties', message, { at: properties.at([...base, 'name']) }),
  )
}

/** What to do about two entries: in one file, or in two. */
export function removalAdvice(path: string, other: string, name: string, what: string): string {
  return path === other
    ? `remove one of the ${what} entries for ${name} in this file:\n - ${path}\n`
    : `remove the ${what} entry for ${name} in one of these files:\n - ${path}\n${other}`
}

/** Reads and joins every entry of one list; what is wrong with one does not stop the others. */
export async function patchEach(
  state: ParseState,
  entries: readonly NodeProperties[],
  more?: PatchMore,
): Promise<void> {
  for (const props of entries) await attempt(state, () => patchNode(state, props, more))
}
