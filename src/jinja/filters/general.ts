import { type MarkerKind, NativeMarker } from '../native/markers.js'
import { isList } from '../values/kinds.js'
import { intArgument } from '../values/methods/method.js'
import { toStr } from '../values/text.js'
import { truthy } from '../values/truth.js'
import { isUndefined } from '../values/undefined.js'
import { type Filter, type FilterTable, filterOf } from './filter.js'
import { htmlSafeJson } from './json.js'
import { prettyPrint } from './pretty-print.js'

const defaultFilter = filterOf(
  'default',
  ['default_value', 'boolean'],
  { default_value: '', boolean: false },
  (value, [otherwise, boolean]) => (isUndefined(value) || (truthy(boolean) && !truthy(value)) ? otherwise : value),
)

const tojson = filterOf('tojson', ['indent'], { indent: null }, (value, [indent]) =>
  htmlSafeJson(value, indent === null ? undefined : intArgument(indent)),
)

/** dbt's filters: in native rendering they say how text is to be read, in text rendering they do nothing. */
function marking(kind: MarkerKind): Filter {
  return (value, _args, _kwargs, context) => (context.native ? new NativeMarker(kind, toStr(value)) : value)
}

/** Filters on any value. */
export const GENERAL_FILTERS: FilterTable = [
  ['as_bool', marking('bool')],
  ['as_native', marking('native')],
  ['as_number', marking('number')],
  ['as_text', marking('text')],
  ['d', defaultFilter],
  ['default', defaultFilter],
  ['is_list', (value) => isList(value)],
  ['pprint', (value) => prettyPrint(value)],
  ['tojson', tojson],
]
