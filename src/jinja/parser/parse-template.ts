import { type MacroTag, type SourceOrigin, type TemplateAst, WHOLE_FILE } from '../ast.js'
import type { SourceText } from '../syntax/source-text.js'
import { type ParseState, parseTemplateBody, type TagParser } from './body.js'
import * as control from './control-tags.js'
import { definitionParser, HEADINGS } from './definition-tags.js'
import { TokenStream } from './token-stream.js'
import * as values from './value-tags.js'

const TAGS: ReadonlyMap<string, TagParser> = new Map<string, TagParser>([
  ['if', control.parseIf],
  ['for', control.parseFor],
  ['break', control.parseLoopControl],
  ['continue', control.parseLoopControl],
  ['with', control.parseWith],
  ['block', control.parseBlock],
  ['include', control.refuseLoading],
  ['import', control.refuseLoading],
  ['from', control.refuseLoading],
  ['extends', control.refuseLoading],
  ['autoescape', control.refuseAutoescape],
  ['set', values.parseSet],
  ['do', values.parseDo],
  ['print', values.parsePrint],
  ['call', values.parseCallBlock],
  ['filter', values.parseFilterBlock],
  ...(Object.keys(HEADINGS) as MacroTag[]).map((tag): [string, TagParser] => [tag, definitionParser(tag)]),
])

export interface ParseOptions {
  /** Path for messages. */
  readonly file: string
  /** Where the source begins in the file; its beginning when absent. */
  readonly origin?: SourceOrigin | undefined
}

/**
 * Reads a template of dbt's Jinja dialect (Jinja 3.1 with loop controls, `do` and dbt's definition tags).
 * Throws a PlumbError `jinja-syntax` with jinja2's message and the place.
 */
export function parseTemplate(source: string, options: ParseOptions): TemplateAst {
  const text: SourceText = { file: options.file, source, origin: options.origin ?? WHOLE_FILE }
  const state: ParseState = { stream: new TokenStream(text), tags: TAGS, openTags: [], awaited: [] }
  return { kind: 'template', ...text, body: parseTemplateBody(state) }
}
