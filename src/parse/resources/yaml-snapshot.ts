import { sha256 } from '../../core/checksum.js'
import { foldersOf } from '../node-fields.js'
import type { PropertiesFile } from '../properties/properties-file.js'
import { isDict } from '../shape/shape.js'
import { readSource } from '../source-files.js'
import { attempt, type ParseState } from '../state.js'
import { readReference } from '../templates/reference-expression.js'
import { addNode } from './add-node.js'
import { startSnapshot } from './snapshot.js'

/** Adds the snapshots that a properties file defines by `relation:`; their settings join like those of any other. */
export async function parseYamlSnapshots(state: ParseState, properties: PropertiesFile): Promise<void> {
  const list = properties.data['snapshots']
  if (!Array.isArray(list)) return
  const { file } = properties
  let checksum: string | undefined
  for (const [i, entry] of list.entries()) {
    if (!isDict(entry) || !('relation' in entry)) continue
    await attempt(state, () => {
      checksum ??= sha256(readSource(file).text)
      const name = String(entry['name'])
      const relation = String(entry['relation'])
      const node = startSnapshot(state, file, name, {
        path: `${file.relativePath}/${name}.sql`,
        fqn: [file.packageName, ...foldersOf(file.relativePath), name],
        rawCode: `select * from {{ ${relation} }}`,
        checksum: { name: 'sha256', checksum },
      })
      try {
        const reference = readReference(relation)
        if ('ref' in reference) node.refs = [reference.ref]
        else node.sources = [[reference.source[0], reference.source[1]]]
      } catch (error) {
        throw properties.error(
          'reference-invalid',
          error instanceof Error ? error.message : String(error),
          ['snapshots', i, 'relation'],
          "write it as ref('model') or source('source', 'table')",
        )
      }
      state.configCalls.set(node, {})
      addNode(state, node)
    })
  }
}
