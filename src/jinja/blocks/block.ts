import type { SourceSpan } from '../../core/source-span.js'
import type { MacroParam, MacroTag, SourceOrigin, TemplateAst } from '../ast.js'
import { type DefinitionHeading, parseHeading } from '../parser/heading.js'
import { parseTemplate } from '../parser/parse-template.js'

/** The tags dbt cuts out of a file as blocks of their own. */
export type BlockKind = MacroTag

/** A top-level block of a file: a macro, test, materialization, snapshot or docs block, or the text between them. */
export class Block {
  #heading: DefinitionHeading | undefined

  constructor(
    readonly kind: BlockKind | 'raw',
    /** The name as written; empty for raw text. */
    readonly name: string,
    /** `{% macro ... %}` to `{% endmacro %}`. */
    readonly fullSource: string,
    /** What is between the tags. */
    readonly contents: string,
    readonly span: SourceSpan,
    readonly bodySpan: SourceSpan,
  ) {}

  /** Where the block begins in its file. */
  get origin(): SourceOrigin {
    return { offset: this.span.start, line: this.span.line, column: this.span.column }
  }

  /** The name dbt registers it under: `test_foo`, `materialization_view_default`; the name itself for macros. */
  get macroName(): string {
    return this.heading?.macroName ?? this.name
  }

  get params(): readonly MacroParam[] {
    return this.heading?.params ?? []
  }

  /** A materialization's adapter, `default` without one. */
  get adapter(): string | undefined {
    return this.heading?.adapter
  }

  /** A materialization's languages. */
  get supportedLanguages(): readonly string[] | undefined {
    return this.heading?.supportedLanguages
  }

  /** The opening tag, read when it is first asked for. Throws on a syntax error in it. */
  get heading(): DefinitionHeading | undefined {
    if (this.kind === 'raw') return undefined
    this.#heading ??= parseHeading(this.fullSource, { file: this.span.file, origin: this.origin })
    return this.#heading
  }

  /** Parses the whole block. The tree is not kept. */
  parse(): TemplateAst {
    return parseTemplate(this.fullSource, { file: this.span.file, origin: this.origin })
  }
}
