import { diagnostic } from '../../core/diagnostic.js'
import type { ProjectFile } from '../../project/index.js'
import { csvRecords } from '../csv.js'
import { readSource, stemOf } from '../source-files.js'
import type { ParseState } from '../state.js'

/** Reads a fixture file of unit tests (`tests/fixtures/*.csv` or `.sql`). */
export function parseFixture(state: ParseState, file: ProjectFile): void {
  const name = stemOf(file.relativePath)
  const key = `${file.packageName}.${name}`
  const other = state.fixtures.get(key)
  if (other !== undefined) {
    const id = `fixture.${key}`
    state.bag.add(
      diagnostic(
        'compilation',
        'duplicate-resource',
        `dbt found two fixtures with the name "${name}".\n\n` +
          'Since these resources have the same name, dbt will be unable to find the correct resource\n' +
          `when looking for ${name}.\n\nTo fix this, change the name of one of these resources:\n` +
          `- ${id} (${file.originalPath})\n- ${id} (${other.originalPath})`,
      ),
    )
    return
  }
  const { text } = readSource(file)
  const rows = file.relativePath.endsWith('.sql') ? text : csvRecords(text)
  state.fixtures.set(key, { name, originalPath: file.originalPath, rows })
}
