import { diagnostic } from '../../core/diagnostic.js'
import { toStr } from '../../jinja/index.js'
import type { ManifestNode, ModelNode } from '../../manifest/index.js'
import type { ParseState } from '../state.js'
import { duplicateMessage } from './duplicates.js'

interface Named {
  readonly versioned: Map<string, ModelNode>
  readonly unversioned: Map<string, ManifestNode>
}

/** No two nodes may be one relation of the warehouse, nor be meant by one `ref`. */
export function checkUniqueNames(state: ParseState): void {
  const relations = new Map<string, ManifestNode>()
  const packages = new Map<string, Named>()
  for (const id in state.manifest.nodes) {
    const node = state.manifest.nodes[id]!
    if (!isRelational(state, node)) continue
    let named = packages.get(node.package_name)
    if (named === undefined) packages.set(node.package_name, (named = { versioned: new Map(), unversioned: new Map() }))
    const isVersioned = node.resource_type === 'model' && node.version !== null
    if (isVersioned) named.versioned.set(node.name, node)
    else {
      const other = named.unversioned.get(node.name)
      if (other !== undefined) reportSameName(state, other, node)
      named.unversioned.set(node.name, node)
    }
    const relation = node.relation_name ?? relationOf(state, node)
    const other = relations.get(relation)
    if (other === undefined) relations.set(relation, node)
    else reportSameRelation(state, other, node, relation)
  }
  for (const named of packages.values()) {
    for (const [name, versioned] of named.versioned) {
      const unversioned = named.unversioned.get(name)
      if (unversioned !== undefined) reportVersions(state, versioned, unversioned)
    }
  }
}

function isRelational({ flags }: ParseState, node: ManifestNode): boolean {
  switch (node.resource_type) {
    case 'model':
    case 'seed':
    case 'snapshot':
      return true
    case 'test':
      return (node.config['store_failures'] ?? flags.storeFailures) === true
    default:
      return false
  }
}

function relationOf({ session }: ParseState, { database, schema, alias }: ManifestNode): string {
  return toStr(session.relations.create({ database, schema, identifier: alias }))
}

function reportSameName(state: ParseState, first: ManifestNode, second: ManifestNode): void {
  if (state.flags.behavior['require_unique_project_resource_names'] === true) {
    state.bag.add(
      diagnostic('compilation', 'duplicate-resource', duplicateMessage(first, second), { nodeId: second.unique_id }),
    )
    return
  }
  state.warnings.deprecate(
    'DuplicateNameDistinctNodeTypesDeprecation',
    `Found resources with the same name '${second.name}' in package '${second.package_name}': '${first.unique_id}' and ` +
      `'${second.unique_id}'. Please update one of the resources to have a unique name.`,
    {
      data: {
        resource_name: second.name,
        unique_id1: first.unique_id,
        unique_id2: second.unique_id,
        package_name: second.package_name,
      },
    },
  )
}

function reportSameRelation({ bag }: ParseState, first: ManifestNode, second: ManifestNode, relation: string): void {
  const message =
    `dbt found two resources with the database representation "${relation}".\ndbt ` +
    'cannot create two resources with identical database representations. ' +
    'To fix this,\nchange the configuration of one of these resources:' +
    `\n- ${first.unique_id} (${first.original_file_path})\n- ${second.unique_id} (${second.original_file_path})`
  bag.add(
    diagnostic('compilation', 'duplicate-relation', message, {
      nodeId: second.unique_id,
      hint: 'give one of them another `alias`, `schema` or `database`',
    }),
  )
}

function reportVersions({ bag }: ParseState, versioned: ModelNode, unversioned: ManifestNode): void {
  const { name } = versioned
  const message =
    `dbt found versioned and unversioned models with the name "${name}".\n\n` +
    'Since these resources have the same name, dbt will be unable to find the correct resource\n' +
    `when looking for ref('${name}').\n\n` +
    'To fix this, change the name of the unversioned resource\n' +
    `${unversioned.unique_id} (${unversioned.original_file_path})\n` +
    `or add the unversioned model to the versions in ${versioned.patch_path}`
  bag.add(diagnostic('parsing', 'versioned-and-unversioned', message, { nodeId: unversioned.unique_id }))
}
