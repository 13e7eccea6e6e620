import { diagnostic, PlumbError } from '../../core/diagnostic.js'
import { PyFloat } from '../values/float.js'
import { toStr } from '../values/text.js'
import type { Value } from '../values/value.js'
import { literalEval } from './literal-eval.js'
import { NativeMarker } from './markers.js'

/**
 * What dbt's native rendering gives for a template's outputs: nothing is '', one value is itself (read as a literal if
 * a filter like `as_bool` asked for that), several are joined as text.
 */
export function nativeValue(parts: readonly Value[]): Value {
  if (parts.length === 0) return ''
  const [only] = parts
  if (parts.length > 1) return parts.map(toStr).join('')
  return only instanceof NativeMarker ? markedValue(only) : only
}

function markedValue(marker: NativeMarker): Value {
  const { kind, text } = marker
  if (kind === 'text') return text
  const literal = literalEval(text)
  const value = literal ? literal.value : text
  if (kind === 'bool' && typeof value !== 'boolean') throw notConverted(text, 'bool')
  if (kind === 'number' && !isNumber(value)) throw notConverted(text, 'number')
  return value
}

function isNumber(value: Value): boolean {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof PyFloat
}

function notConverted(text: string, type: string): PlumbError {
  return new PlumbError(
    diagnostic('compilation', 'jinja-native', `Could not convert value '${text}' into type '${type}'`),
  )
}
