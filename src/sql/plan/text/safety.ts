import { type ClassifiedSql, classifySql } from './classify.js'
import { type ExpressionText, toExpression } from './expression.js'
import { type Hole, isSignificant, type SqlToken, tokenizeSql } from './tokens.js'

/** Functions a caller may use: they read their arguments, change nothing, and cost what their input costs. */
const FUNCTIONS: ReadonlySet<string> = new Set(
  `abs ceil ceiling coalesce concat contains date date_add date_diff date_part date_sub date_trunc dateadd datediff
  datetime day dayofmonth dayofweek dayofyear ends_with endswith exp extract floor greatest hour if iff ifnull instr
  isnull least left length ln lower lpad ltrim minute mod month monthname nullif nvl position power quarter
  regexp_extract regexp_like regexp_matches replace reverse right round rpad rtrim second sign split_part sqrt
  starts_with startswith strpos substr substring time timestamp timestamp_trunc to_date to_timestamp trim trunc upper
  week year cast try_cast safe_cast`.split(/\s+/),
)

const KEYWORDS: ReadonlySet<string> = new Set(
  `and or not in is null true false like ilike between escape case when then else end distinct from as interval date
  datetime time timestamp current_date current_time current_timestamp localtime localtimestamp at zone both leading
  trailing for similar to`.split(/\s+/),
)

const OPERATORS: ReadonlySet<string> = new Set([
  '=',
  '==',
  '<>',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  '+',
  '-',
  '*',
  '/',
  '%',
  '||',
  '(',
  ')',
  ',',
  '::',
])

const TYPES: ReadonlySet<string> = new Set(
  `bigint boolean bool char character date datetime decimal double float float64 int int64 integer numeric precision
  real smallint string text time timestamp timestamptz timestamp_ntz tinyint varchar varying with without zone
  uuid`.split(/\s+/),
)

/** What in a caller's text is not allowed, and the words for it. */
export interface UnsafeText {
  readonly text: string
  readonly reason: string
}

/**
 * Reads an expression that came from a caller. Only literals, known operators, keywords and functions, and columns
 * (for the planner to resolve) pass; parentheses must balance without ever closing what was not opened. Strings are
 * handed on by value, so that the dialect writes them with its own escapes.
 */
export function readCallerExpression(
  segments: readonly (string | Hole)[],
): { readonly expression: ExpressionText } | { readonly unsafe: UnsafeText } {
  const classified = classifySql(tokenizeSql(segments))
  const unsafe = findUnsafe(classified)
  if (unsafe !== undefined) return { unsafe }
  return {
    expression: toExpression(classified, (token) => {
      if (token.kind === 'string') return { string: token.value }
      return token.kind === 'operator' && token.text === '==' ? '=' : token.text
    }),
  }
}

function findUnsafe({ tokens, roles, certain }: ClassifiedSql): UnsafeText | undefined {
  let depth = 0
  let previous: SqlToken | undefined
  let value: SqlToken | undefined
  for (const [index, token] of tokens.entries()) {
    const fault = faultOf(token, roles.get(index))
    if (fault !== undefined) return { text: token.text, reason: fault }
    if (token.kind === 'string' && value !== undefined) {
      return { text: token.text, reason: 'a string must not directly follow another value' }
    }
    if (token.kind === 'operator') {
      if (token.text === '-' && previous?.kind === 'operator' && previous.text === '-') {
        return { text: '--', reason: 'comments are not allowed in a filter' }
      }
      if (token.text === '(') depth++
      if (token.text === ')' && --depth < 0) return { text: ')', reason: 'it closes a parenthesis that is not open' }
    }
    previous = token
    if (isSignificant(token)) value = isValue(token, roles.get(index)) ? token : undefined
  }
  if (depth > 0) return { text: '(', reason: 'a parenthesis is not closed' }
  if (!tokens.some(isSignificant)) return { text: '', reason: 'the filter is empty' }
  return certain ? undefined : { text: tokens.map((token) => token.text).join(''), reason: 'it cannot be read safely' }
}

/** Ends a value, so that a string behind it would be a prefix literal (`E'..'`) or a silent concatenation. */
function isValue(token: SqlToken, role: string | undefined): boolean {
  if (token.kind === 'operator') return token.text === ')'
  return token.kind !== 'word' || role === 'column' || role === 'field'
}

function faultOf(token: SqlToken, role: string | undefined): string | undefined {
  switch (token.kind) {
    case 'space':
    case 'hole':
    case 'number':
    case 'string':
      return undefined
    case 'comment':
      return 'comments are not allowed in a filter'
    case 'unknown':
      return 'this sign is not allowed in a filter'
    case 'operator':
      return OPERATORS.has(token.text) ? undefined : 'this operator is not allowed in a filter'
    case 'quoted':
      return role === 'column' ? undefined : 'fields of a value are not allowed in a filter'
    case 'word': {
      const word = token.text.toLowerCase()
      if (role === 'function')
        return FUNCTIONS.has(word) ? undefined : `the function '${word}' is not allowed in a filter`
      if (role === 'type') return TYPES.has(word) ? undefined : `the type '${word}' is not allowed in a filter`
      if (role === 'keyword') return KEYWORDS.has(word) ? undefined : `'${word}' is not allowed in a filter`
      return role === 'field' ? 'fields of a value are not allowed in a filter' : undefined
    }
  }
}
