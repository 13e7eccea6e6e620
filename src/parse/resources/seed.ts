import { sha256 } from '../../core/checksum.js'
import type { FileHash, SeedNode } from '../../manifest/index.js'
import type { Package, ProjectFile } from '../../project/index.js'
import { foldersOf, parsedFields, SHARED } from '../node-fields.js'
import { readSource, stemOf } from '../source-files.js'
import type { ParseState } from '../state.js'
import { NOTHING_CAPTURED } from '../templates/captured.js'
import { addNode } from './add-node.js'
import { finishNode } from './finish-node.js'

/** Larger seeds are told apart by their path only, as in dbt. */
const LARGEST_HASHED = 1024 * 1024

/** Adds the node of a CSV file. */
export async function parseSeed(state: ParseState, file: ProjectFile, pkg: Package): Promise<void> {
  const name = stemOf(file.relativePath)
  const node: SeedNode = {
    ...parsedFields(state, {
      type: 'seed',
      packageName: file.packageName,
      name,
      id: `seed.${file.packageName}.${name}`,
      path: file.relativePath,
      originalPath: file.originalPath,
      fqn: [file.packageName, ...foldersOf(file.relativePath), name],
      checksum: hashOf(file),
      rawCode: '',
    }),
    resource_type: 'seed',
    root_path: pkg.root,
    depends_on: { macros: SHARED.list },
  }
  await finishNode(state, node, NOTHING_CAPTURED)
  addNode(state, node)
}

function hashOf(file: ProjectFile): FileHash {
  if (file.size > LARGEST_HASHED) return { name: 'path', checksum: file.originalPath }
  return { name: 'sha256', checksum: sha256(readSource(file).text) }
}
