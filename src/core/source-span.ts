/** A place in a file of the user: what every diagnostic points at. */
export interface SourceSpan {
  /** Path as the user knows it: relative to the project root where it lies below it. */
  readonly file: string
  /** Offset of the first character, counted in UTF-16 units from 0. */
  readonly start: number
  /** Offset behind the last character. */
  readonly end: number
  /** 1-based line of `start`. */
  readonly line: number
  /** 1-based column of `start`. */
  readonly column: number
}

/** 1-based line and column of an offset in a text. Cost: linear in the offset. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  let line = 1
  let lineStart = 0
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++
    lineStart = at + 1
  }
  return { line, column: offset - lineStart + 1 }
}

/** The span of `[start, end)` of `text`, which stands in `file`. */
export function spanAt(file: string, text: string, start: number, end: number): SourceSpan {
  return { file, start, end, ...positionAt(text, start) }
}

/** The span of a whole line (1-based), from `column` (1-based) to the line's end. */
export function spanOfLine(file: string, text: string, line: number, column = 1): SourceSpan {
  let start = 0
  for (let n = 1; n < line; n++) {
    const next = text.indexOf('\n', start)
    if (next === -1) break
    start = next + 1
  }
  const newline = text.indexOf('\n', start)
  const end = newline === -1 ? text.length : newline
  return { file, start: Math.min(start + column - 1, end), end, line, column }
}

/**
 * A few lines of source with the span marked, as compilers print it:
 *
 * ```
 *  --> models/b.sql:4:12
 *    |
 *  4 | from {{ ref('stg_order') }}
 *    |             ^^^^^^^^^^^
 * ```
 */
export function codeFrame(span: SourceSpan, text: string, linesBefore = 1): string {
  const lines = text.split('\n')
  const first = Math.max(1, span.line - linesBefore)
  const width = String(span.line).length
  const out = [`${' '.repeat(width)}--> ${span.file}:${span.line}:${span.column}`, `${' '.repeat(width)} |`]
  for (let n = first; n <= span.line; n++) {
    out.push(`${String(n).padStart(width)} | ${(lines[n - 1] ?? '').replace(/\r$/, '').replaceAll('\t', ' ')}`)
  }
  const lineLength = (lines[span.line - 1] ?? '').length
  const room = Math.max(1, lineLength - span.column + 1)
  const carets = Math.max(1, Math.min(span.end - span.start, room))
  out.push(`${' '.repeat(width)} | ${' '.repeat(span.column - 1)}${'^'.repeat(carets)}`)
  return out.join('\n')
}
