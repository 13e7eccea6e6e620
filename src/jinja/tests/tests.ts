import { bindArguments } from '../values/arguments.js'
import { binaryOperation } from '../values/arithmetic.js'
import { pyEquals } from '../values/equality.js'
import { PyFloat } from '../values/float.js'
import { tryIterate, tryLength } from '../values/iterate.js'
import { isCallable, isHostObject, isMapping } from '../values/kinds.js'
import { Markup } from '../values/markup.js'
import { isMember } from '../values/membership.js'
import { asNumeric } from '../values/numbers.js'
import { compareOrder, type OrderOperator } from '../values/ordering.js'
import * as py from '../values/py.js'
import { PySet } from '../values/set.js'
import { toStr } from '../values/text.js'
import { isUndefined } from '../values/undefined.js'
import type { Kwargs, Value } from '../values/value.js'

/** `value is name(args)`. */
export type Test = (value: Value, args: readonly Value[], kwargs: Kwargs) => boolean

type TestEntry = readonly [name: string, test: Test]

function simple(name: string, test: (value: Value) => boolean): TestEntry {
  return [
    name,
    (value, args, kwargs) => {
      if (args.length > 0 || Object.keys(kwargs).length > 0)
        bindArguments(`test_${name}`, ['value'], [value, ...args], kwargs)
      return test(value)
    },
  ]
}

function withOther(name: string, param: string, test: (value: Value, other: Value) => boolean): TestEntry {
  return [
    name,
    (value, args, kwargs) => {
      const [, other] = bindArguments(`test_${name}`, ['value', param], [value, ...args], kwargs)
      return test(value, other)
    },
  ]
}

function ordered(operator: OrderOperator, ...names: string[]): TestEntry[] {
  return names.map((name) => withOther(name, 'other', (a, b) => compareOrder(operator, a, b)))
}

function isInteger(value: Value): boolean {
  const number = typeof value === 'boolean' ? undefined : asNumeric(value)
  return number !== undefined && !(number instanceof PyFloat)
}

function remainder(value: Value, by: number): boolean {
  return pyEquals(binaryOperation('%', value, by), 1)
}

/** Has a length and can be indexed: strings, lists, tuples, dicts, and host objects with both. */
function isSequence(value: Value): boolean {
  if (isUndefined(value)) return true
  if (value instanceof PySet) return false
  if (isHostObject(value)) return value[py.len] !== undefined && value[py.getitem] !== undefined
  return tryLength(value) !== undefined
}

function isSame(a: Value, b: Value): boolean {
  if (a === b) return true
  if (a instanceof PyFloat && b instanceof PyFloat) return false
  return isUndefined(a) && isUndefined(b) && a === b
}

function isCase(value: Value, wanted: 'lower' | 'upper'): boolean {
  const text = toStr(value)
  const changed = wanted === 'lower' ? text.toLowerCase() : text.toUpperCase()
  return text === changed && text.toLowerCase() !== text.toUpperCase()
}

/** Every test by name; `filters` is asked by the test of that name. */
export function testTable(filters: () => ReadonlyMap<string, unknown>): ReadonlyMap<string, Test> {
  const table: ReadonlyMap<string, Test> = new Map<string, Test>([
    simple('boolean', (v) => typeof v === 'boolean'),
    simple('callable', isCallable),
    simple('defined', (v) => !isUndefined(v)),
    withOther('divisibleby', 'num', (v, by) => pyEquals(binaryOperation('%', v, by), 0)),
    withOther('eq', 'other', pyEquals),
    withOther('equalto', 'other', pyEquals),
    withOther('==', 'other', pyEquals),
    simple('escaped', (v) => v instanceof Markup),
    simple('even', (v) => pyEquals(binaryOperation('%', v, 2), 0)),
    simple('false', (v) => v === false),
    simple('float', (v) => v instanceof PyFloat || (typeof v === 'number' && !Number.isSafeInteger(v))),
    ...ordered('>=', 'ge', '>='),
    ...ordered('>', 'gt', 'greaterthan', '>'),
    withOther('in', 'other', isMember),
    simple('integer', isInteger),
    simple('iterable', (v) => tryIterate(v) !== undefined),
    ...ordered('<=', 'le', '<='),
    ...ordered('<', 'lt', 'lessthan', '<'),
    simple('lower', (v) => isCase(v, 'lower')),
    simple('mapping', (v) => isMapping(v) || (isHostObject(v) && v[py.mapping] === true)),
    withOther('ne', 'other', (a, b) => !pyEquals(a, b)),
    withOther('!=', 'other', (a, b) => !pyEquals(a, b)),
    simple('none', (v) => v === null),
    simple('number', (v) => asNumeric(v) !== undefined || (isHostObject(v) && v[py.number] !== undefined)),
    simple('odd', (v) => remainder(v, 2)),
    withOther('sameas', 'other', isSame),
    simple('sequence', isSequence),
    simple('string', (v) => typeof v === 'string' || v instanceof Markup),
    simple('true', (v) => v === true),
    simple('undefined', isUndefined),
    simple('upper', (v) => isCase(v, 'upper')),
    simple('filter', (v) => typeof v === 'string' && filters().has(v)),
    simple('test', (v) => typeof v === 'string' && table.has(v)),
  ])
  return table
}
