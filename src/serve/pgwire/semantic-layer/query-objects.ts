import { refuse, SQLSTATE } from '../protocol/wire-error.js'
import { type CallValue, isObject, type ObjectExpression } from './call-reader.js'

/** Something to group by, as asked. */
export interface ItemRequest {
  readonly name: string
  readonly grain?: string
  readonly datePart?: string
}

/** `'customer__region'`, `Dimension('metric_time').grain('month')`, `TimeDimension('metric_time', 'month')`. */
export function itemRequest(value: CallValue): ItemRequest {
  if (typeof value === 'string') return { name: value }
  if (!isObject(value)) return wrong('a name, Dimension(...), TimeDimension(...) or Entity(...) is expected')
  const kind = value.name.toLowerCase()
  if (kind !== 'dimension' && kind !== 'timedimension' && kind !== 'entity') {
    return wrong(`${value.name}(...) cannot be grouped by`)
  }
  const name = text(value, 0, 'name', 'time_dimension_name', 'entity_name')
  const path = value.args.named.get('entity_path')
  const full = Array.isArray(path) ? [...path, name].join('__') : name
  const written = kind === 'timedimension' ? optionalText(value, 1, 'time_granularity_name', 'grain') : undefined
  const grain = methodText(value, 'grain') ?? written
  const datePart = methodText(value, 'date_part') ?? optionalText(value, -1, 'date_part_name', 'date_part')
  return {
    name: full,
    ...(grain === undefined || datePart !== undefined ? {} : { grain: grain.toLowerCase() }),
    ...(datePart === undefined ? {} : { datePart: datePart.toLowerCase() }),
  }
}

/** `'revenue'`, `Metric('revenue', alias='r')`. */
export function metricRequest(value: CallValue): { readonly name: string; readonly alias?: string } {
  if (typeof value === 'string') return { name: value }
  if (!isObject(value) || value.name.toLowerCase() !== 'metric') return wrong('a name or Metric(...) is expected')
  const alias = optionalText(value, 1, 'alias')
  return { name: text(value, 0, 'name', 'metric_name'), ...(alias === undefined ? {} : { alias }) }
}

/** `'-revenue'`, `Metric('revenue').descending(True)`, `Dimension('metric_time').grain('month')`. */
export function orderRequest(value: CallValue): ItemRequest & { readonly descending?: boolean } {
  if (typeof value === 'string') {
    return value.startsWith('-') ? { name: value.slice(1), descending: true } : { name: value }
  }
  if (!isObject(value)) return wrong('an order is a name, Metric(...) or Dimension(...)')
  const method = value.methods.find((each) => each.name === 'descending')
  const direction = method === undefined ? value.args.named.get('descending') : (method.args.positional[0] ?? true)
  const item = value.name.toLowerCase() === 'metric' ? { name: metricRequest(value).name } : itemRequest(value)
  return direction === true ? { ...item, descending: true } : item
}

export function listOf(value: CallValue | undefined): readonly CallValue[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? (value as readonly CallValue[]) : [value]
}

function text(object: ObjectExpression, at: number, ...names: readonly string[]): string {
  return optionalText(object, at, ...names) ?? wrong(`${object.name}(...) needs a name`)
}

function optionalText(object: ObjectExpression, at: number, ...names: readonly string[]): string | undefined {
  const value =
    names.map((name) => object.args.named.get(name)).find((each) => each !== undefined) ?? object.args.positional[at]
  return typeof value === 'string' ? value : undefined
}

function methodText(object: ObjectExpression, method: string): string | undefined {
  const value = object.methods.find((each) => each.name === method)?.args.positional[0]
  return typeof value === 'string' ? value : undefined
}

function wrong(message: string): never {
  return refuse(SQLSTATE.syntaxError, `in a call of semantic_layer: ${message}`)
}
