import type { Test } from '../tests/tests.js'
import { pyError } from '../values/errors.js'
import { iterate, PyIterator } from '../values/iterate.js'
import { truthy } from '../values/truth.js'
import type { Kwargs, Value } from '../values/value.js'
import { attributeGetter, type Filter, type FilterContext, type FilterTable } from './filter.js'

// `select`, `reject`, `map` and their kin name another filter or test, so they are made from the tables of both.

type Predicate = (item: Value) => boolean

/** The test a `select` names (`select('equalto', 3)`), or truth itself. */
function predicateOf(args: readonly Value[], kwargs: Kwargs, tests: ReadonlyMap<string, Test>): Predicate {
  const [name, ...rest] = args
  if (name === undefined) return truthy
  const test = typeof name === 'string' ? tests.get(name) : undefined
  if (!test) throw pyError('TemplateRuntimeError', `No test named '${String(name)}'.`)
  return (item) => test(item, rest, kwargs)
}

function* filtered(value: Value, keep: Predicate): Iterable<Value> {
  for (const item of iterate(value)) if (keep(item)) yield item
}

function selection(tests: () => ReadonlyMap<string, Test>, wanted: boolean, byAttribute: boolean): Filter {
  return (value, args, kwargs, context) => {
    if (!truthy(value)) return new PyIterator([])
    let rest = args
    let get: ((item: Value) => Value) | undefined
    if (byAttribute) {
      if (args.length === 0) throw pyError('FilterArgumentError', 'Missing parameter for attribute name')
      get = attributeGetter(args[0], context.thread.undefinedMode)
      rest = args.slice(1)
    }
    const test = predicateOf(rest, kwargs, tests())
    iterate(value)
    return new PyIterator(filtered(value, (item) => test(get ? get(item) : item) === wanted))
  }
}

function* mapped(value: Value, apply: (item: Value) => Value): Iterable<Value> {
  for (const item of iterate(value)) yield apply(item)
}

function mapping(filters: () => ReadonlyMap<string, Filter>): Filter {
  return (value, args, kwargs, context) => {
    if (!truthy(value)) return new PyIterator([])
    iterate(value)
    return new PyIterator(mapped(value, mapFunction(args, kwargs, context, filters())))
  }
}

function mapFunction(
  args: readonly Value[],
  kwargs: Kwargs,
  context: FilterContext,
  filters: ReadonlyMap<string, Filter>,
): (item: Value) => Value {
  if (args.length === 0 && Object.hasOwn(kwargs, 'attribute')) {
    const unexpected = Object.keys(kwargs).find((key) => key !== 'attribute' && key !== 'default')
    if (unexpected !== undefined) throw pyError('FilterArgumentError', `Unexpected keyword argument '${unexpected}'`)
    return attributeGetter(kwargs['attribute'], context.thread.undefinedMode, kwargs['default'])
  }
  const [name, ...rest] = args
  if (name === undefined) throw pyError('FilterArgumentError', 'map requires a filter argument')
  const filter = typeof name === 'string' ? filters.get(name) : undefined
  if (!filter) throw pyError('TemplateRuntimeError', `No filter named '${String(name)}'.`)
  return (item) => filter(item, rest, kwargs, context)
}

/** Filters that pick or change items; `filters` is the whole table, which `map` looks names up in. */
export function selectionFilters(
  filters: () => ReadonlyMap<string, Filter>,
  tests: () => ReadonlyMap<string, Test>,
): FilterTable {
  return [
    ['map', mapping(filters)],
    ['reject', selection(tests, false, false)],
    ['rejectattr', selection(tests, false, true)],
    ['select', selection(tests, true, false)],
    ['selectattr', selection(tests, true, true)],
  ]
}
