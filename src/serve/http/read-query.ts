import { type MetricQuery, readMetricQuery } from '../../query/index.js'
import { RequestFault } from './problem.js'

/** How an answer is asked for, beside the question. */
export interface AnswerRequest {
  readonly query: MetricQuery
  readonly format: string | undefined
  readonly require: readonly ('fresh' | 'tested')[]
  readonly cache: boolean
  readonly timeout: number | undefined
}

const QUERY_KEYS = [
  'metrics',
  'metric_objects',
  'group_by',
  'group_by_objects',
  'where',
  'order_by',
  'limit',
  'time_constraint',
  'saved_query',
  'min_max_only',
  'apply_group_by',
]
const REQUEST_KEYS = ['format', 'require', 'cache', 'timeout']

type Fields = Readonly<Record<string, unknown>>

/** A query as a JSON body. @throws RequestFault, PlumbError for what is not one. */
export function readBody(body: unknown): AnswerRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new RequestFault(400, 'query-form', 'The body must be a JSON object such as {"metrics": ["revenue"]}')
  }
  return readFields(body as Fields)
}

/** A query in the address: lists repeat a parameter or separate names by commas; `where` only repeats. */
export function readParameters(parameters: Fields): AnswerRequest {
  const fields: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(parameters)) {
    switch (key) {
      case 'metrics':
      case 'group_by':
      case 'order_by':
      case 'require':
        fields[key] = list(value)
        break
      case 'where':
        fields[key] = Array.isArray(value) ? value : [value]
        break
      case 'time_constraint':
        fields[key] = list(value).map((time) => (time === '' ? null : time))
        break
      case 'limit':
      case 'timeout':
        fields[key] = number(key, value)
        break
      case 'cache':
      case 'min_max_only':
      case 'apply_group_by':
        fields[key] = value !== 'false' && value !== '0'
        break
      default:
        fields[key] = value
    }
  }
  return readFields(fields)
}

function readFields(fields: Fields): AnswerRequest {
  for (const key of Object.keys(fields)) {
    if (!QUERY_KEYS.includes(key) && !REQUEST_KEYS.includes(key)) {
      throw new RequestFault(
        400,
        'query-form',
        `'${key}' is not known here`,
        `known are ${[...QUERY_KEYS, ...REQUEST_KEYS].join(', ')}`,
      )
    }
  }
  const query = readMetricQuery(
    Object.fromEntries(QUERY_KEYS.filter((key) => key in fields).map((key) => [key, fields[key]])),
  )
  const { limit } = query
  if (limit !== undefined && !(Number.isSafeInteger(limit) && limit >= 0)) {
    throw new RequestFault(400, 'query-form', 'limit must be a whole number, 0 or more')
  }
  const { timeout } = fields
  if (timeout !== undefined && !(typeof timeout === 'number' && timeout > 0)) {
    throw new RequestFault(400, 'query-form', 'timeout must be a number of seconds above 0')
  }
  return {
    query,
    format: typeof fields['format'] === 'string' ? fields['format'] : undefined,
    require: readRequirements(fields['require']),
    cache: fields['cache'] !== false,
    timeout: timeout === undefined ? undefined : timeout * 1000,
  }
}

function readRequirements(value: unknown): ('fresh' | 'tested')[] {
  if (value === undefined || value === null) return []
  return list(value).map((each) => {
    if (each === 'fresh' || each === 'tested') return each
    throw new RequestFault(400, 'query-form', `'${each}' cannot be required`, 'fresh and tested can')
  })
}

export function list(value: unknown): string[] {
  if (value === undefined || value === null || value === '') return []
  const texts = Array.isArray(value) ? value : [value]
  return texts.flatMap((each) => {
    if (typeof each !== 'string') throw new RequestFault(400, 'query-form', 'Lists hold names')
    return splitOutside(each)
  })
}

/** At commas, but not at those in parentheses or quotes: `Dimension('a'),b`. */
function splitOutside(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let quote = ''
  let start = 0
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!
    if (quote !== '') {
      if (char === quote) quote = ''
    } else if (char === "'" || char === '"') quote = char
    else if (char === '(') depth++
    else if (char === ')') depth--
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(start, at).trim())
      start = at + 1
    }
  }
  parts.push(text.slice(start).trim())
  return parts
}

export function number(name: string, value: unknown): number {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
  if (!Number.isFinite(read)) throw new RequestFault(400, 'query-form', `${name} must be a number`)
  return read
}
