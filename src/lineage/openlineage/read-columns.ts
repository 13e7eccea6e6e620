import type { UniqueId } from '../../manifest/index.js'
import { findResource } from '../../manifest/index.js'
import type { StatementLineage } from '../../sql/analyze/index.js'
import type { LineageInput } from '../input.js'
import { createStatements, tableName } from '../statements.js'

/**
 * What the columns of nodes that were built are made of, down to tables: ephemeral models are looked through.
 * @param ids those with a statement in `input.compiled`
 */
export async function readBuiltColumns(
  input: Pick<
    LineageInput,
    'manifest' | 'dialect' | 'compiled' | 'columns' | 'otherNames' | 'cache' | 'stable' | 'brief'
  >,
  ids: readonly UniqueId[],
): Promise<Map<UniqueId, StatementLineage>> {
  const statements = createStatements(input)
  const read = new Map<UniqueId, StatementLineage>()
  try {
    for (const [key, columns] of input.columns) {
      const resource = findResource(input.manifest, key)
      const name = resource && tableName(resource)
      if (name !== undefined) statements.tell({ key, name, columns, partial: false })
    }
    for (const [key, names] of input.otherNames ?? [])
      for (const name of names) statements.tell({ key, name, columns: input.columns.get(key) ?? null })
    for (const id of ids) {
      const compiled = input.compiled.get(id)
      if (compiled === undefined || 'reason' in compiled) continue
      // A snapshot's table has more columns than its query: the names of those cannot be told by place.
      const isSnapshot = input.manifest.nodes[id]?.resource_type === 'snapshot'
      const outputs = isSnapshot ? undefined : input.columns.get(id)?.map(({ name }) => name)
      read.set(id, await statements.analyze({ id, sql: compiled.sql, outputs }))
    }
  } finally {
    await statements.close()
  }
  return read
}
