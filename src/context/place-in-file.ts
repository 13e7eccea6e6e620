import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Diagnostic, PlumbError } from '../core/diagnostic.js'
import { positionAt, type SourceSpan } from '../core/source-span.js'
import type { Project } from '../project/types.js'

/** A text that was cut out of a file: a model without the blank lines around it, a snapshot block. */
export interface TextOfFile {
  readonly package_name: string
  readonly original_file_path: string
  readonly raw_code: string
}

/**
 * An error whose places count in a node's own text, moved to where that text stands in its file. Where it does not
 * stand there (a generic test made from YAML) the error carries the text it counts in. Reads the file, so it is for
 * errors only.
 */
export function placeInFile(error: PlumbError, node: TextOfFile, project: Project): PlumbError {
  if (!error.diagnostics.some((d) => countsInNode(d, node))) return error
  const root = project.packages.get(node.package_name)?.root ?? project.root.root
  const text = readText(join(root, node.original_file_path))
  const offset = text?.indexOf(node.raw_code) ?? -1
  if (offset === 0) return error
  return new PlumbError(
    error.diagnostics.map((d) => moved(d, node, text, offset)),
    error.cause ?? error,
  )
}

function moved(d: Diagnostic, node: TextOfFile, text: string | undefined, offset: number): Diagnostic {
  if (d.at === undefined || !countsInNode(d, node)) return d
  if (text === undefined || offset === -1) return { ...d, sourceText: node.raw_code }
  const { sourceText: _own, ...rest } = d
  return { ...rest, at: shifted(d.at, text, offset) }
}

/** Does the error's place count in the node's own text. */
function countsInNode(d: Diagnostic, node: TextOfFile): boolean {
  if (d.at?.file !== node.original_file_path) return false
  return d.sourceText === undefined || d.sourceText === node.raw_code
}

function shifted(span: SourceSpan, text: string, offset: number): SourceSpan {
  const start = span.start + offset
  return { file: span.file, start, end: span.end + offset, ...positionAt(text, start) }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').replaceAll('\r\n', '\n')
  } catch {
    return undefined
  }
}
