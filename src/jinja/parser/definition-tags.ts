import type { Expression, MacroParam, MacroTag } from '../ast.js'
import { parseBodyUntil, type TagParser } from './body.js'
import { parseExpression } from './expressions.js'
import { parseSignature } from './signature.js'
import { parseNameTarget } from './targets.js'
import type { TokenStream } from './token-stream.js'

/** The name dbt registers a definition under: `test_not_null`, `materialization_table_default`. */
export function registeredName(tag: MacroTag, name: string, adapter = 'default'): string {
  switch (tag) {
    case 'test':
    case 'data_test':
      return `test_${name}`
    case 'materialization':
      return `materialization_${name}_${adapter}`
    default:
      return name
  }
}

/** What a definition's opening tag says. */
export interface Heading {
  readonly name: string
  readonly params: readonly MacroParam[]
  readonly adapter?: string
}

type HeadingParser = (s: TokenStream) => Heading

const nameAndSignature: HeadingParser = (s) => {
  const { name } = parseNameTarget(s)
  return { name, params: parseSignature(s) }
}

const nameOnly: HeadingParser = (s) => ({ name: parseNameTarget(s).name, params: [] })

/** How each definition's opening tag is read, from behind the tag's name on. */
export const HEADINGS: { readonly [K in MacroTag]: HeadingParser } = {
  macro: nameAndSignature,
  test: nameAndSignature,
  data_test: nameAndSignature,
  snapshot: nameOnly,
  docs: nameOnly,
  materialization: materializationHeading,
}

/** The parser of a definition's whole block. */
export function definitionParser(tag: MacroTag): TagParser {
  return (p) => {
    const { start } = p.stream.next()
    const { name, params, adapter } = HEADINGS[tag](p.stream)
    const body = parseBodyUntil(p, `end${tag}`)
    return {
      kind: 'macro',
      tag,
      name,
      macroName: registeredName(tag, name, adapter),
      params,
      adapter,
      body: body.statements,
      reads: body.reads,
      bodyStart: body.start,
      bodyEnd: body.end,
      start,
      end: p.stream.lastEnd,
    }
  }
}

/** `{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}` */
function materializationHeading(s: TokenStream): Heading {
  const { name } = parseNameTarget(s)
  let adapter = 'default'
  let languages: Expression | undefined
  while (s.skipIf(',')) {
    const argument = parseNameTarget(s)
    if (argument.name === 'default') continue
    if (argument.name === 'adapter') {
      s.expect('=')
      const value = parseExpression(s)
      if (value.kind !== 'const' || typeof value.value !== 'string')
        throw s.error(`the adapter of materialization '${name}' must be a string`, value)
      adapter = value.value
    } else if (argument.name === 'supported_languages') {
      s.expect('=')
      languages = parseExpression(s)
    } else throw s.error(`materialization '${name}' received unknown argument '${argument.name}'.`, argument)
  }
  const at = { start: s.lastEnd, end: s.lastEnd }
  languages ??= { kind: 'list', items: [{ kind: 'const', value: 'sql', ...at }], ...at }
  const param: MacroParam = { name: 'supported_languages', type: undefined, default: languages, ...at }
  return { name, adapter, params: [param] }
}
