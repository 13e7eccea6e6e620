import { sha256 } from '../../core/checksum.js'
import type { SourceSpan } from '../../core/source-span.js'
import { type BlockKind, extractBlocks, type SourceOrigin } from '../../jinja/index.js'
import type { FileHash, SnapshotNode } from '../../manifest/index.js'
import type { ProjectFile } from '../../project/index.js'
import { compiledFields, foldersOf } from '../node-fields.js'
import { readSource, stemOf } from '../source-files.js'
import { attempt, blame, type ParseState } from '../state.js'
import { addNode } from './add-node.js'
import { finishNode } from './finish-node.js'

const SNAPSHOTS: ReadonlySet<BlockKind> = new Set<BlockKind>(['snapshot'])

/** Adds a node for each `{% snapshot %}` block of a file. */
export async function parseSnapshots(state: ParseState, file: ProjectFile): Promise<void> {
  const source = readSource(file)
  const checksum: FileHash = { name: 'sha256', checksum: sha256(source.text) }
  const blocks = extractBlocks(source.text, {
    file: file.originalPath,
    kinds: SNAPSHOTS,
    origin: source.origin,
    onUnexpected: (message) =>
      state.warnings.deprecate('UnexpectedJinjaBlockDeprecation', `${message} in file \`${file.relativePath}\``, {
        data: { msg: message, file: file.relativePath },
      }),
  })
  for (const block of blocks) {
    await attempt(state, async () => {
      const node = startSnapshot(state, file, block.name, {
        path: file.relativePath,
        fqn: [file.packageName, ...foldersOf(file.relativePath), stemOf(file.relativePath), block.name],
        rawCode: block.contents,
        checksum,
      })
      try {
        const read = state.templates.read(block.contents, node, bodyOrigin(block.bodySpan))
        await finishNode(state, node, read instanceof Promise ? await read : read)
      } catch (error) {
        throw blame(error, node)
      }
      addNode(state, node)
    })
  }
}

interface SnapshotParts {
  readonly path: string
  readonly fqn: string[]
  readonly rawCode: string
  readonly checksum: FileHash
}

/** A snapshot's node before its configuration is known; also for those that properties files define. */
export function startSnapshot(state: ParseState, file: ProjectFile, name: string, parts: SnapshotParts): SnapshotNode {
  return {
    ...compiledFields(state, {
      type: 'snapshot',
      packageName: file.packageName,
      name,
      id: `snapshot.${file.packageName}.${name}`,
      originalPath: file.originalPath,
      ...parts,
    }),
    resource_type: 'snapshot',
  }
}

function bodyOrigin({ start, line, column }: SourceSpan): SourceOrigin {
  return { offset: start, line, column }
}
