import { sha256 } from '../../core/checksum.js'
import type { FunctionNode } from '../../manifest/index.js'
import type { ProjectFile } from '../../project/index.js'
import { compiledFields, foldersOf } from '../node-fields.js'
import { readSource, stemOf } from '../source-files.js'
import { blame, type ParseState } from '../state.js'
import { addResource } from './add-node.js'
import { finishNode } from './finish-node.js'

/** Adds the node of a user-defined function; its properties file says the arguments and what it returns. */
export async function parseFunction(state: ParseState, file: ProjectFile): Promise<void> {
  const { text, origin } = readSource(file)
  const name = stemOf(file.relativePath)
  const node: FunctionNode = {
    returns: { data_type: 'INVALID_TYPE' },
    ...compiledFields(state, {
      type: 'function',
      packageName: file.packageName,
      name,
      id: `function.${file.packageName}.${name}`,
      path: file.relativePath,
      originalPath: file.originalPath,
      fqn: [file.packageName, ...foldersOf(file.relativePath), name],
      checksum: { name: 'sha256', checksum: sha256(text) },
      rawCode: text,
      language: file.relativePath.endsWith('.py') ? 'python' : 'sql',
    }),
    resource_type: 'function',
    arguments: [],
  }
  try {
    const read = state.templates.read(text, node, origin)
    await finishNode(state, node, read instanceof Promise ? await read : read)
  } catch (error) {
    throw blame(error, node)
  }
  addResource(state, 'functions', node)
}
