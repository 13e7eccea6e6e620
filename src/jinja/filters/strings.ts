import { pyError } from '../values/errors.js'
import { iterate } from '../values/iterate.js'
import { isHostObject, typeName } from '../values/kinds.js'
import { Markup } from '../values/markup.js'
import { intArgument } from '../values/methods/method.js'
import { replaceText, STRING_METHODS, strip } from '../values/methods/string.js'
import { capitalize } from '../values/methods/string-case.js'
import { splitlines } from '../values/methods/string-split.js'
import { formatPercent } from '../values/percent-format.js'
import { toStr } from '../values/text.js'
import { truthy } from '../values/truth.js'
import { tuple } from '../values/tuple.js'
import { requireDefined } from '../values/undefined.js'
import type { Kwargs, Value } from '../values/value.js'
import { attributeGetter, type Filter, type FilterTable, filterOf } from './filter.js'
import { wrapText } from './wrap-text.js'

/** A filter on `str(value)` without arguments. */
function onText(name: string, apply: (text: string) => Value): readonly [string, Filter] {
  return [name, filterOf(name, [], {}, (value) => apply(toStr(value)))]
}

const WORD_BEGINNING = /([-\s({[<]+)/

function title(text: string): string {
  return text
    .split(WORD_BEGINNING)
    .map((part) => capitalize(part))
    .join('')
}

const format: Filter = (value, args, kwargs: Kwargs) => {
  const named = Object.entries(kwargs)
  if (args.length > 0 && named.length > 0)
    throw pyError('FilterArgumentError', "can't handle positional and keyword arguments at the same time")
  return formatPercent(toStr(value), named.length > 0 ? new Map(named) : tuple(args))
}

const indent = filterOf(
  'indent',
  ['width', 'first', 'blank'],
  { width: 4, first: false, blank: false },
  (value, [width, first, blank]) => {
    const text = textOf(value, '+=')
    const margin = typeof width === 'string' ? width : ' '.repeat(intArgument(width))
    const lines = splitlines(text + '\n', [], {}) as string[]
    const shown = lines.map((line, i) => (i === 0 || (line === '' && !truthy(blank)) ? line : margin + line))
    return (truthy(first) ? margin : '') + shown.join('\n')
  },
)

/** The text of a value some filters add to without converting it first. */
function textOf(value: Value, operator: string): string {
  requireDefined(value)
  if (typeof value === 'string') return value
  if (value instanceof Markup) return value.text
  throw pyError('TypeError', `unsupported operand type(s) for ${operator}: '${typeName(value)}' and 'str'`)
}

const truncate = filterOf(
  'truncate',
  ['length', 'killwords', 'end', 'leeway'],
  { length: 255, killwords: false, end: '...', leeway: null },
  (value, [length, killwords, end, leeway]) => {
    const text = toStr(value)
    const most = intArgument(length)
    const mark = toStr(end)
    const slack = leeway === null ? 5 : intArgument(leeway)
    if (most < mark.length) throw pyError('FilterArgumentError', `expected length >= ${mark.length}, got ${most}`)
    if (slack < 0) throw pyError('FilterArgumentError', `expected leeway >= 0, got ${slack}`)
    if (text.length <= most + slack) return text
    const cut = text.slice(0, most - mark.length)
    const lastSpace = cut.lastIndexOf(' ')
    return (truthy(killwords) || lastSpace === -1 ? cut : cut.slice(0, lastSpace)) + mark
  },
)

const wordwrap = filterOf(
  'wordwrap',
  ['width', 'break_long_words', 'wrapstring', 'break_on_hyphens'],
  { width: 79, break_long_words: true, wrapstring: null, break_on_hyphens: true },
  (value, [width, breakLong, wrapstring, breakHyphens]) => {
    const joint = wrapstring === null ? '\n' : toStr(wrapstring)
    const lines = splitlines(toStr(value), [], {}) as string[]
    const options = {
      width: intArgument(width),
      breakLongWords: truthy(breakLong),
      breakOnHyphens: truthy(breakHyphens),
    }
    return lines.map((line) => wrapText(line, options).join(joint)).join(joint)
  },
)

const replace = filterOf('replace', ['old', 'new', 'count'], { count: null }, (value, [old, by, count]) =>
  replaceText(toStr(value), toStr(old), toStr(by), count === null ? -1 : intArgument(count)),
)

const join = filterOf(
  'join',
  ['d', 'attribute'],
  { d: '', attribute: null },
  (value, [separator, attribute], context) => {
    const items = Array.from(iterate(value))
    const get = attribute === null ? undefined : attributeGetter(attribute, context.thread.undefinedMode)
    return items.map((item) => toStr(get ? get(item) : item)).join(toStr(separator))
  },
)

const trim = filterOf('trim', ['chars'], { chars: null }, (value, [chars]) => strip(toStr(value), chars, 'both'))

const center = filterOf('center', ['width'], { width: 80 }, (value, [width]) =>
  STRING_METHODS.get('center')!(toStr(value), [width], {}),
)

function plainString(value: Value): Value {
  return isHostObject(value) && value instanceof Markup ? value : toStr(value)
}

/** Filters on text. */
export const STRING_FILTERS: FilterTable = [
  onText('capitalize', capitalize),
  ['center', center],
  ['format', format],
  ['indent', indent],
  ['join', join],
  onText('lower', (text) => text.toLowerCase()),
  ['replace', replace],
  ['string', (value) => plainString(value)],
  onText('title', title),
  ['trim', trim],
  ['truncate', truncate],
  onText('upper', (text) => text.toUpperCase()),
  onText('wordcount', (text) => text.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0),
  ['wordwrap', wordwrap],
]
