import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fail } from '../../core/diagnostic.js'
import type { HostFunction } from '../../jinja/index.js'
import type { SeedNode } from '../../manifest/index.js'
import type { Member } from '../node-scope.js'
import { readSeedTable } from '../seed/read-seed-table.js'
import type { TemplateSession } from '../session.js'

/** `load_agate_table()`: a seed's file as a table, with types guessed as dbt does. */
export const loadAgateTable: Member =
  (scope): HostFunction =>
  () => {
    const { subject, session } = scope
    if (subject.resource_type !== 'seed') {
      fail('compilation', 'not-a-seed', `can only load_agate_table for seeds (got a ${subject.resource_type})`)
    }
    const { delimiter, column_types: types } = subject.config
    return readSeedTable(seedPath(session, subject), {
      file: subject.original_file_path,
      delimiter: typeof delimiter === 'string' ? delimiter : ',',
      textColumns: new Set(Object.keys(types ?? {})),
    })
  }

/** Where a seed's file lies: in its own package, wherever that is installed. */
export function seedPath(session: TemplateSession, seed: SeedNode): string {
  const pkg = session.project.packages.get(seed.package_name)
  const path = join(pkg?.root ?? session.project.root.root, seed.original_file_path)
  return existsSync(path) || seed.root_path === null ? path : join(seed.root_path, seed.original_file_path)
}
