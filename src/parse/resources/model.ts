import { sha256 } from '../../core/checksum.js'
import type { ModelNode } from '../../manifest/index.js'
import type { ProjectFile } from '../../project/index.js'
import { compiledFields, foldersOf, SHARED, type Writable } from '../node-fields.js'
import { readPythonModel } from '../python/python-model.js'
import { readSource, type SourceText, stemOf } from '../source-files.js'
import { blame, type ParseState } from '../state.js'
import { addNode } from './add-node.js'
import { finishNode } from './finish-node.js'

/**
 * Reads one model file, SQL or Python, and adds its node.
 * @param source its text, where that is not to be read from the disk.
 */
export async function parseModel(state: ParseState, file: ProjectFile, source?: SourceText): Promise<void> {
  const { text, origin } = source ?? readSource(file)
  const name = stemOf(file.relativePath)
  const python = file.relativePath.endsWith('.py')
  const fields = compiledFields(state, {
    type: 'model',
    packageName: file.packageName,
    name,
    id: `model.${file.packageName}.${name}`,
    path: file.relativePath,
    originalPath: file.originalPath,
    fqn: [file.packageName, ...foldersOf(file.relativePath), name],
    checksum: { name: 'sha256', checksum: sha256(text) },
    rawCode: text,
    language: python ? 'python' : 'sql',
  })
  const node = fields as Writable<ModelNode>
  node.access = 'protected'
  node.constraints = SHARED.list
  node.version = null
  node.latest_version = null
  node.deprecation_date = null
  node.primary_key = SHARED.list
  node.time_spine = null
  try {
    const read = python ? readPythonModel(text, node) : state.templates.read(text, node, origin)
    await finishNode(state, node, read instanceof Promise ? await read : read)
  } catch (error) {
    throw blame(error, node)
  }
  addNode(state, node)
}
