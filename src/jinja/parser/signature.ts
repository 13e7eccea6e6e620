import type { MacroParam, TypeAnnotation } from '../ast.js'
import { parseExpression } from './expressions.js'
import { parseNameTarget } from './targets.js'
import type { TokenStream } from './token-stream.js'

/** A macro's parameters: `(model, column_name: str, values: list[str] = [])`. */
export function parseSignature(s: TokenStream): MacroParam[] {
  const params: MacroParam[] = []
  s.expect('(')
  while (!s.is(')')) {
    if (params.length > 0) s.expect(',')
    const { name, start } = parseNameTarget(s)
    const type = s.skipIf(':') ? parseType(s) : undefined
    let value: MacroParam['default']
    if (s.skipIf('=')) value = parseExpression(s)
    else if (params.some((p) => p.default)) throw s.error('non-default argument follows default argument')
    if (params.some((p) => p.name === name))
      throw s.error(`duplicate argument '${name}' in function definition`, { start, end: s.lastEnd })
    params.push({ name, type, default: value, start, end: s.lastEnd })
  }
  s.expect(')')
  return params
}

function parseType(s: TokenStream): TypeAnnotation {
  const name = s.expect('name').text
  const parameters: TypeAnnotation[] = []
  if (s.skipIf('[')) {
    while (!s.is(']')) {
      if (parameters.length > 0) s.expect(',')
      parameters.push(parseType(s))
    }
    s.expect(']')
  }
  return { name, parameters }
}
