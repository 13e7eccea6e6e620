import { sha256 } from '../../core/checksum.js'
import type { AnalysisNode, SingularTestNode } from '../../manifest/index.js'
import type { ProjectFile } from '../../project/index.js'
import { compiledFields, foldersOf } from '../node-fields.js'
import { readSource, type SourceText, stemOf } from '../source-files.js'
import { blame, type ParseState } from '../state.js'
import { addNode } from './add-node.js'
import { finishNode } from './finish-node.js'

/** Adds the node of a file under `analyses/`. */
export async function parseAnalysis(state: ParseState, file: ProjectFile, source?: SourceText): Promise<void> {
  await parseSqlFile(state, file, 'analysis', source)
}

/** Adds the node of a data test that is a file of its own. */
export async function parseSingularTest(state: ParseState, file: ProjectFile, source?: SourceText): Promise<void> {
  await parseSqlFile(state, file, 'test', source)
}

async function parseSqlFile(
  state: ParseState,
  file: ProjectFile,
  type: 'analysis' | 'test',
  source: SourceText = readSource(file),
): Promise<void> {
  const { text, origin } = source
  const name = stemOf(file.relativePath)
  const path = type === 'analysis' ? `analysis/${file.relativePath}` : file.relativePath
  const node = {
    ...compiledFields(state, {
      type,
      packageName: file.packageName,
      name,
      id: `${type}.${file.packageName}.${name}`,
      path,
      originalPath: file.originalPath,
      fqn: [file.packageName, ...foldersOf(path), name],
      checksum: { name: 'sha256', checksum: sha256(text) },
      rawCode: text,
    }),
    resource_type: type,
  } as AnalysisNode | SingularTestNode
  try {
    const read = state.templates.read(text, node, origin)
    await finishNode(state, node, read instanceof Promise ? await read : read)
  } catch (error) {
    throw blame(error, node)
  }
  addNode(state, node)
}
