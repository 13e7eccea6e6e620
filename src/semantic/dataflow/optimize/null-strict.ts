import { readExpression } from '../../../sql/plan/text/expression.js'
import type { Formula } from '../nodes/compute.js'

/** Functions that give NULL when an argument is NULL. */
const STRICT_FUNCTIONS = new Set([
  'abs',
  'ceil',
  'ceiling',
  'exp',
  'floor',
  'ln',
  'log',
  'nullif',
  'power',
  'round',
  'sign',
  'sqrt',
])

/**
 * Whether a formula gives NULL for a row that has none of its inputs: then it can just as well be computed after
 * rows of other metrics were added. Says no when in doubt.
 */
export function isNullStrict(formula: Formula): boolean {
  if (formula.kind === 'column') return formula.fill === undefined
  if (formula.kind === 'ratio') return true
  const { parts, certain } = formula.text
  if (!certain) return false
  let inputs = 0
  const text = parts.map((part) => {
    if (typeof part === 'string') return part
    if (!('column' in part) || !formula.inputs.has(part.column.toLowerCase())) return '?'
    inputs++
    return ' $ '
  })
  return inputs > 0 && isArithmetic(text.join(''))
}

/** Numbers, arithmetic and strict functions; NULLIF only of something with an input in it. */
function isArithmetic(text: string): boolean {
  const withoutNullif = text.replaceAll(/\bnullif\s*\(([^(),]*),\s*[\d.]+\s*\)/gi, (whole, value: string) => {
    return value.includes('$') ? '$' : whole
  })
  const words = withoutNullif.match(/[A-Za-z_]\w*/g) ?? []
  if (words.some((word) => !STRICT_FUNCTIONS.has(word.toLowerCase()) || word.toLowerCase() === 'nullif')) return false
  return /^[\w\s$.+\-*/%(),]*$/.test(withoutNullif) && withoutNullif.includes('$')
}

/** Reads a text only to ask the above of it; for tests. */
export function isNullStrictText(text: string, inputs: readonly string[]): boolean {
  const columns = new Map(inputs.map((name) => [name, { id: name, label: name }]))
  return isNullStrict({ kind: 'text', text: readExpression(text, new Set(inputs)), inputs: columns })
}
