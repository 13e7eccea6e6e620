import { fail } from '../../core/diagnostic.js'
import {
  type Block,
  type BlockKind,
  extractBlocks,
  type MacroNode as MacroTemplate,
  type SourceOrigin,
  type TemplateAst,
} from '../../jinja/index.js'
import type { MacroNode } from '../../manifest/index.js'
import type { ProjectFile } from '../../project/index.js'
import type { SourceText } from '../source-files.js'

const IN_MACRO_FILES: ReadonlySet<BlockKind> = new Set<BlockKind>(['macro', 'materialization', 'test', 'data_test'])
const IN_TEST_FILES: ReadonlySet<BlockKind> = new Set<BlockKind>(['test', 'data_test'])

export interface ReadMacrosOptions {
  readonly file: ProjectFile
  readonly source: SourceText
  readonly createdAt: number
  /** A file of `tests/generic`: only test blocks count. */
  readonly testsOnly: boolean
  /** Keep the parameters as documented arguments (`validate_macro_args`). */
  readonly keepArguments: boolean
  /** Told of tags at the top of the file that mean nothing. */
  readonly onUnexpected?: ((message: string) => void) | undefined
}

export interface ReadMacro {
  readonly macro: MacroNode
  readonly ast: TemplateAst
  /** Where its text begins in the file. */
  readonly origin: SourceOrigin
}

/**
 * The macros, materializations and generic tests a file defines.
 * @throws PlumbError for a block that cannot be read.
 */
export function readMacros(options: ReadMacrosOptions): ReadMacro[] {
  const { file, source, onUnexpected } = options
  const blocks = extractBlocks(source.text, {
    file: file.originalPath,
    kinds: options.testsOnly ? IN_TEST_FILES : IN_MACRO_FILES,
    origin: source.origin,
    ...(onUnexpected === undefined ? {} : { onUnexpected: (message: string) => onUnexpected(message) }),
  })
  return blocks.map((block) => readBlock(block, options))
}

function readBlock(block: Block, options: ReadMacrosOptions): ReadMacro {
  const { file, createdAt, keepArguments } = options
  const ast = block.parse()
  const definitions = ast.body.filter((s): s is MacroTemplate => s.kind === 'macro')
  const definition = definitions[0]
  if (definition === undefined || definitions.length > 1) {
    fail('parsing', 'macro-block', `Found multiple macros in ${block.fullSource}, expected 1`, { at: block.span })
  }
  const docs = { show: true, node_color: null }
  const macro: MacroNode = {
    name: definition.macroName,
    resource_type: 'macro',
    package_name: file.packageName,
    path: file.originalPath,
    original_file_path: file.originalPath,
    unique_id: `macro.${file.packageName}.${definition.macroName}`,
    macro_sql: block.fullSource,
    depends_on: { macros: [] },
    description: '',
    meta: {},
    docs,
    config: { meta: {}, docs },
    patch_path: null,
    arguments: keepArguments ? definition.params.map((p) => ({ name: p.name, type: null, description: '' })) : [],
    created_at: createdAt,
    supported_languages: definition.tag === 'materialization' ? languagesOf(definition) : null,
  }
  return { macro, ast, origin: block.origin }
}

function languagesOf(definition: MacroTemplate): string[] {
  const value = definition.params.find((p) => p.name === 'supported_languages')?.default
  if (value?.kind !== 'list' && value?.kind !== 'tuple') return ['sql']
  return value.items.map((item) => (item.kind === 'const' ? String(item.value) : ''))
}
