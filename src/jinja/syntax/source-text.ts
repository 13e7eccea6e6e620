import { diagnostic, PlumbError } from '../../core/diagnostic.js'
import type { SourceSpan } from '../../core/source-span.js'
import { positionAt } from '../../core/source-span.js'
import type { SourceOrigin } from '../ast.js'

/** A text and where it stands: all that is needed to turn offsets into places. */
export interface SourceText {
  readonly file: string
  readonly source: string
  readonly origin: SourceOrigin
}

/** The place of `[start, end)` in the file the text was cut from. */
export function placeOf(text: SourceText, start: number, end: number): SourceSpan {
  const { line, column } = positionAt(text.source, start)
  const { origin } = text
  return {
    file: text.file,
    start: start + origin.offset,
    end: end + origin.offset,
    line: line + origin.line - 1,
    column: line === 1 ? column + origin.column - 1 : column,
  }
}

/** The error for text that is not a template. Messages are jinja2's. */
export function syntaxError(text: SourceText, message: string, start: number, end: number, hint?: string): PlumbError {
  return new PlumbError(
    diagnostic('compilation', 'jinja-syntax', message, {
      at: placeOf(text, start, end),
      hint,
      sourceText: text.origin.offset === 0 ? text.source : undefined,
    }),
  )
}
