import { type Expression, type MacroParam, type MacroTag, WHOLE_FILE } from '../ast.js'
import type { SourceText } from '../syntax/source-text.js'
import { HEADINGS, registeredName } from './definition-tags.js'
import type { ParseOptions } from './parse-template.js'
import { TokenStream } from './token-stream.js'

/** The opening tag of a macro, test, materialization, snapshot or docs block. */
export interface DefinitionHeading {
  readonly tag: MacroTag
  readonly name: string
  /** The name dbt registers it under. */
  readonly macroName: string
  readonly params: readonly MacroParam[]
  /** A materialization's adapter. */
  readonly adapter: string | undefined
  /** A materialization's `supported_languages`. */
  readonly supportedLanguages: readonly string[] | undefined
}

/** Reads only the opening tag of a block. Throws a PlumbError `jinja-syntax` when it is not one. */
export function parseHeading(source: string, options: ParseOptions): DefinitionHeading {
  const text: SourceText = { file: options.file, source, origin: options.origin ?? WHOLE_FILE }
  const s = new TokenStream(text)
  if (s.is('data')) s.next()
  s.expect('block_begin')
  const tag = s.expect('name')
  if (!Object.hasOwn(HEADINGS, tag.text)) throw s.error(`'${tag.text}' does not define anything`, tag)
  const kind = tag.text as MacroTag
  const { name, params, adapter } = HEADINGS[kind](s)
  s.skipIf(':')
  s.expect('block_end')
  return {
    tag: kind,
    name,
    macroName: registeredName(kind, name, adapter),
    params,
    adapter,
    supportedLanguages: kind === 'materialization' ? languagesOf(params) : undefined,
  }
}

function languagesOf(params: readonly MacroParam[]): string[] {
  const value = params.find((p) => p.name === 'supported_languages')?.default
  if (value?.kind !== 'list' && value?.kind !== 'tuple') return []
  return value.items.map((item: Expression) => (item.kind === 'const' ? String(item.value) : ''))
}
