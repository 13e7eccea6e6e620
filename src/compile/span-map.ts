import { placeInFile, type TemplateSession } from '../context/index.js'
import { type Diagnostic, PlumbError } from '../core/diagnostic.js'
import { positionAt, type SourceSpan } from '../core/source-span.js'
import { parseTemplate, type TemplateAst } from '../jinja/index.js'
import type { CompiledSql } from './compile-node.js'

/** A piece of a template's own text, and where it went in the rendered SQL. */
interface Anchor {
  /** Offsets in the template's source. */
  readonly start: number
  readonly end: number
  /** Offset in the rendered text. */
  readonly at: number
  readonly length: number
}

export interface TextOfNode {
  readonly package_name: string
  readonly original_file_path: string
  readonly raw_code: string
}

/**
 * A warehouse's error with its place in the statement moved to where that stands in the model's template, as far as it
 * can be told: text of the template maps to itself, what Jinja put out maps to the expression. An error without a place,
 * or whose place lies in what a materialization wrote around the query, comes back as it was.
 */
export function locateDatabaseError(
  session: TemplateSession,
  node: TextOfNode,
  compiled: CompiledSql,
  error: PlumbError,
): PlumbError {
  const diagnostics = error.diagnostics.map((d) => located(d, node, compiled))
  if (diagnostics.every((d, i) => d === error.diagnostics[i])) return error
  return placeInFile(new PlumbError(diagnostics, error.cause ?? error), node, session.project)
}

function located(d: Diagnostic, node: TextOfNode, compiled: CompiledSql): Diagnostic {
  if (d.kind !== 'database' || d.at === undefined || d.sourceText === undefined) return d
  const query = d.sourceText.indexOf(compiled.sql)
  if (query === -1) return d
  const offset = beforeInjection(d.at.start - query, compiled)
  if (offset === undefined || offset >= compiled.rendered.length) return d
  const place = templatePlace(node, compiled.rendered, offset, d.at.end - d.at.start)
  if (place === undefined) return d
  const { sourceText: _statement, ...rest } = d
  return { ...rest, at: place }
}

/** The place in the query as its template gave it; undefined inside of an injected CTE. */
function beforeInjection(offset: number, { injection }: CompiledSql): number | undefined {
  if (offset < 0) return undefined
  if (offset < injection.offset) return offset
  return offset < injection.offset + injection.length ? undefined : offset - injection.length
}

/** The place of `rendered[offset]` in the node's template. */
export function templatePlace(
  node: TextOfNode,
  rendered: string,
  offset: number,
  length: number,
): SourceSpan | undefined {
  const source = node.raw_code
  const spanOf = (start: number, end: number): SourceSpan => ({
    file: node.original_file_path,
    start,
    end: Math.max(end, start + 1),
    ...positionAt(source, start),
  })
  if (rendered === source) return spanOf(offset, offset + length)
  const ast = parseTemplate(source, { file: node.original_file_path })
  const anchors = alignText(ast, rendered)
  let before: Anchor | undefined
  for (const anchor of anchors) {
    if (anchor.at > offset) {
      return spanBetween(ast, before?.end ?? 0, anchor.start, spanOf)
    }
    if (offset < anchor.at + anchor.length) {
      const start = anchor.start + (offset - anchor.at)
      return spanOf(start, Math.min(start + length, anchor.end))
    }
    before = anchor
  }
  return spanBetween(ast, before?.end ?? 0, source.length, spanOf)
}

/** A call of `config()`, or of a macro that says it is one for that. */
const SETTING = /^\{\{-?\s*(?:\w+\.)?\w*config\w*\s*\(/

/** The statement between two pieces of text: what Jinja made the place from. */
function spanBetween(
  ast: TemplateAst,
  from: number,
  to: number,
  spanOf: (start: number, end: number) => SourceSpan,
): SourceSpan | undefined {
  const inside = ast.body.filter((s) => s.kind !== 'text' && s.start >= from && s.end <= to)
  const shown = inside.filter((s) => s.kind !== 'set' && s.kind !== 'do' && s.kind !== 'macro')
  // Between two statements there may be nothing but blanks, which are everywhere: settings put nothing out.
  const statement = shown.find(({ start, end }) => !SETTING.test(ast.source.slice(start, end))) ?? shown[0] ?? inside[0]
  return statement && spanOf(statement.start, statement.end)
}

/**
 * Finds the template's top-level text in what it rendered to. Each piece appears once and in order, so matching from
 * the left and from the right both give a possible layout; only pieces on which they agree are kept.
 */
function alignText(ast: TemplateAst, rendered: string): Anchor[] {
  const pieces = ast.body.flatMap((s) => (s.kind === 'text' && s.text !== '' ? [s] : []))
  const fromLeft: number[] = []
  let left = 0
  for (const { text } of pieces) {
    const at = rendered.indexOf(text, left)
    if (at === -1) return []
    fromLeft.push(at)
    left = at + text.length
  }
  const anchors: Anchor[] = []
  let right = rendered.length
  for (let i = pieces.length - 1; i >= 0; i--) {
    const { text, start, end } = pieces[i]!
    const at = rendered.lastIndexOf(text, right - text.length)
    if (at === -1) return []
    right = at
    if (at !== fromLeft[i]) continue
    // Whitespace control may have cut the text: it lies somewhere in its slice of the source.
    const cut = ast.source.slice(start, end).indexOf(text)
    if (cut !== -1) anchors.unshift({ start: start + cut, end: start + cut + text.length, at, length: text.length })
  }
  return anchors
}
