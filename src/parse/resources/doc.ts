import { type BlockKind, compileTemplate, extractBlocks, RenderThread } from '../../jinja/index.js'
import type { DocNode } from '../../manifest/index.js'
import type { ProjectFile } from '../../project/index.js'
import type { SourceText } from '../source-files.js'

const DOCS: ReadonlySet<BlockKind> = new Set<BlockKind>(['docs'])

/** The `{% docs name %}` blocks of a file. */
export async function readDocs(file: ProjectFile, source: SourceText): Promise<DocNode[]> {
  const blocks = extractBlocks(source.text, { file: file.originalPath, kinds: DOCS, origin: source.origin })
  return Promise.all(
    blocks.map(async (block) => ({
      name: block.name,
      resource_type: 'doc' as const,
      package_name: file.packageName,
      path: file.relativePath,
      original_file_path: file.originalPath,
      unique_id: `doc.${file.packageName}.${block.name}`,
      block_contents: (await renderBlock(block.contents, file.originalPath)).trim(),
    })),
  )
}

/** Blocks may hold `{{ 'text' }}` and comments; they see no names. */
async function renderBlock(contents: string, file: string): Promise<string> {
  if (!/\{[{%#]|[#}%]\}/.test(contents)) return contents
  const thread = new RenderThread({ undefinedMode: 'strict' })
  return compileTemplate(contents, { file }).render(thread, { get: () => undefined })
}
