import { YAMLException } from 'js-yaml'
import { type Diagnostic, diagnostic, PlumbError } from '../../core/diagnostic.js'
import { spanAt } from '../../core/source-span.js'

/** libyaml's words for what the parser here calls differently: people search for them. */
const LIBYAML_WORDS: readonly (readonly [RegExp, string])[] = [
  [/^bad indentation of a mapping entry$/, 'mapping values are not allowed in this context'],
  [/^tab characters must not be used in indentation$/, "found character '\\t' that cannot start any token"],
  [/^unexpected end of the stream within a flow collection$/, "did not find expected ',' or ']'"],
  [/^unexpected end of the stream within a/, 'found unexpected end of stream'],
  [/^unknown escape sequence$/, 'found unknown escape character'],
  [/^end of the stream or a document separator is expected$/, 'did not find expected <document start>'],
]

/**
 * A YAML fault as a diagnostic. The message begins with dbt's words (`Syntax error near line 4`), the place is where
 * the parser stopped.
 */
export function yamlDiagnostic(text: string, file: string, offset: number, reason: string): Diagnostic {
  const at = spanAt(file, text, offset, Math.min(offset + 1, text.length))
  const hint = hintFor(text, offset, reason)
  return diagnostic('parsing', 'yaml-syntax', `Syntax error near line ${at.line}\n${reason}`, {
    at,
    sourceText: text,
    ...(hint === undefined ? {} : { hint }),
  })
}

/** Throws a YAML fault found at an offset. */
export function failYaml(text: string, file: string, offset: number, reason: string): never {
  throw new PlumbError(yamlDiagnostic(text, file, offset, reason))
}

/** Turns what js-yaml throws into a PlumbError; anything else is thrown on. */
export function rethrowYaml(error: unknown, text: string, file: string): never {
  if (!(error instanceof YAMLException)) throw error
  const offset = error.mark?.position ?? 0
  const startsWrong = '%@`'.includes(text[offset] ?? ' ')
  const reason = startsWrong
    ? 'found character that cannot start any token'
    : (LIBYAML_WORDS.find(([pattern]) => pattern.test(error.reason))?.[1] ?? error.reason)
  throw new PlumbError(yamlDiagnostic(text, file, offset, reason), error)
}

function hintFor(text: string, offset: number, reason: string): string | undefined {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1
  const lineEnd = text.indexOf('\n', offset)
  const line = text.slice(lineStart, lineEnd === -1 ? text.length : lineEnd)
  if (/\{\{|\{%/.test(line) && !reason.includes('duplicate')) {
    return 'put quotes around a value that begins with Jinja: "{{ ... }}"'
  }
  if (/\t/.test(line.slice(0, line.search(/\S|$/)))) return 'indent with spaces: YAML does not allow tabs there'
  if (reason.startsWith('mapping values are not allowed')) {
    return "check the indentation, or quote a value that contains ': '"
  }
  if (reason.startsWith('found character that cannot start'))
    return 'put quotes around a value that begins with %, @ or `'
  return undefined
}
