import type { NamedType, SchemaDatabase } from '../../adapters/adapter.js'
import { describeSubject } from '../../context/index.js'
import { type Diagnostic, diagnostic } from '../../core/diagnostic.js'
import type { ModelNode } from '../../manifest/index.js'

/** Holds what a model gives against the columns its contract promises; nothing when none is enforced. */
export async function checkContract(
  model: ModelNode,
  columns: readonly NamedType[],
  database: SchemaDatabase,
): Promise<Diagnostic[]> {
  if (model.config.contract?.enforced !== true) return []
  const promised = Object.values(model.columns)
  const given = new Map(columns.map(({ name, type }) => [name.toLowerCase(), type]))
  const faults: string[] = []
  for (const { name, data_type } of promised) {
    const type = given.get(name.toLowerCase())
    if (type === undefined) faults.push(`${name}: promised as ${data_type}, missing in the query`)
    else if (data_type !== null && !(await isSame(database, data_type, type)))
      faults.push(`${name}: promised as ${data_type}, the query gives ${type}`)
  }
  const names = new Set(promised.map(({ name }) => name.toLowerCase()))
  for (const { name, type } of columns)
    if (!names.has(name.toLowerCase())) faults.push(`${name}: ${type} of the query is not in the contract`)
  if (faults.length === 0) return []
  return [
    diagnostic(
      'compilation',
      'contract-broken',
      ['This model has an enforced contract that failed.', ...faults].join('\n'),
      {
        nodeId: model.unique_id,
        subject: describeSubject(model),
        hint: `make the query and the columns of ${model.patch_path?.replace(/^.*:\/\//, '') ?? 'the YAML'} agree`,
      },
    ),
  ]
}

/** As dbt compares them: sizes of text and numbers are not part of the promise unless they are written. */
async function isSame(database: SchemaDatabase, promised: string, given: string): Promise<boolean> {
  const name = (await database.typeName(promised)) ?? promised.toUpperCase()
  if (name === given) return true
  return !promised.includes('(') && name.replace(/\(.*$/, '') === given.replace(/\(.*$/, '')
}
