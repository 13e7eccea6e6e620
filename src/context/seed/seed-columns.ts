import type { NamedType } from '../../adapters/adapter.js'
import type { SeedNode } from '../../manifest/index.js'
import { agateFamily } from '../agate-result.js'
import { seedPath } from '../functions/load-agate-table.js'
import type { TemplateSession } from '../session.js'
import { readSeedTable } from './read-seed-table.js'

/**
 * Names and types of the table a seed's file becomes: those `column_types` says, and what all cells fit.
 * @throws PlumbError for a file that cannot be read as a seed.
 */
export function seedColumns(session: TemplateSession, seed: SeedNode): NamedType[] {
  const { delimiter, column_types: types = {} } = seed.config
  const table = readSeedTable(seedPath(session, seed), {
    file: seed.original_file_path,
    delimiter: typeof delimiter === 'string' ? delimiter : ',',
    textColumns: new Set(Object.keys(types)),
  })
  const { dialect } = session.plugin
  return table.columnNames.map((name, i) => {
    const family = agateFamily(table, i) ?? 'text'
    return { name, type: types[name] ?? dialect.seedType(family) }
  })
}
