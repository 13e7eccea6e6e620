import type { GenericTestNode, GraphNode, Manifest, ModelNode, UniqueId } from '../../manifest/index.js'
import { SHARED } from '../node-fields.js'

/** Sets `primary_key` of every model: what its constraints say, else what its tests promise. */
export function inferPrimaryKeys(manifest: Manifest): void {
  const tests = testsByModel(manifest)
  for (const id in manifest.nodes) {
    const node = manifest.nodes[id]!
    if (node.resource_type !== 'model') continue
    const key = primaryKeyOf(node, tests.get(id) ?? [])
    node.primary_key = key.length === 0 ? SHARED.list : [...key].sort()
  }
}

function testsByModel(manifest: Manifest): Map<UniqueId, GenericTestNode[]> {
  const found = new Map<UniqueId, GenericTestNode[]>()
  const add = (node: GraphNode): void => {
    if (node.resource_type !== 'test' || node.test_metadata === undefined || node.attached_node === null) return
    const tests = found.get(node.attached_node)
    if (tests === undefined) found.set(node.attached_node, [node])
    else tests.push(node)
  }
  for (const id in manifest.nodes) add(manifest.nodes[id]!)
  for (const id in manifest.disabled) for (const node of manifest.disabled[id]!) add(node)
  return found
}

function primaryKeyOf(model: ModelNode, tests: readonly GenericTestNode[]): readonly string[] {
  const ofModel = model.constraints.find((constraint) => constraint.type === 'primary_key')
  if (ofModel !== undefined) return ofModel.columns
  for (const name in model.columns) {
    if (model.columns[name]!.constraints.some((constraint) => constraint.type === 'primary_key')) return [name]
  }
  const unique = new Set<string>()
  const uniqueButDisabled = new Set<string>()
  const notNull = new Set<string>()
  for (const test of tests) {
    const { name } = test.test_metadata
    const isUnique = name === 'unique' || name === 'unique_combination_of_columns'
    if (!isUnique && name !== 'not_null') continue
    for (const column of columnsOf(test)) {
      if (!isUnique) notNull.add(column)
      else if (test.config.enabled) unique.add(column)
      else uniqueButDisabled.add(column)
    }
  }
  const both = [...notNull].filter((column) => unique.has(column) || uniqueButDisabled.has(column))
  if (both.length > 0) return both
  return unique.size > 0 ? [...unique] : [...uniqueButDisabled]
}

function columnsOf(test: GenericTestNode): string[] {
  const { column_name: column, combination_of_columns: combination } = test.test_metadata.kwargs
  if (typeof column === 'string') return [column]
  return Array.isArray(combination) ? combination.filter((item): item is string => typeof item === 'string') : []
}
