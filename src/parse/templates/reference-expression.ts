import { diagnostic, PlumbError } from '../../core/diagnostic.js'
import { parseTemplate } from '../../jinja/index.js'
import type { RefArgs } from '../../manifest/index.js'
import { type NameFacts, readTemplate } from './read-template.js'

/** Knows no macros: only `ref` and `source` are looked for. */
const NO_MACROS: NameFacts = {
  isHarmless: () => false,
  isMacro: () => false,
  pureMacro: () => undefined,
  pureDispatch: () => undefined,
}

export type Reference = { readonly ref: RefArgs } | { readonly source: readonly [string, string] }

/**
 * Reads `ref('orders')` or `source('raw', 'orders')` as it stands in YAML, without braces.
 * @throws PlumbError when it is neither.
 */
export function readReference(expression: string): Reference {
  let captured: ReturnType<typeof readTemplate>
  try {
    captured = readTemplate(parseTemplate(`{{ ${expression} }}`, { file: '' }), NO_MACROS)
  } catch (error) {
    if (!(error instanceof PlumbError)) throw error
  }
  if (captured === undefined) {
    throw new PlumbError(diagnostic('parsing', 'reference-invalid', `Invalid jinja expression: ${expression}`))
  }
  const ref = captured.refs[0]
  if (ref !== undefined) return { ref }
  const source = captured.sources[0]
  if (source !== undefined) return { source }
  throw new PlumbError(diagnostic('parsing', 'reference-invalid', `Invalid ref or source expression: ${expression}`))
}
