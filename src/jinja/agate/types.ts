import { PyDate } from '../modules/date.js'
import { PyDateTime } from '../modules/datetime.js'
import { PyTimedelta } from '../modules/timedelta.js'
import { bindArguments } from '../values/arguments.js'
import { PyDecimal } from '../values/decimal.js'
import { PyFloat } from '../values/float.js'
import * as py from '../values/py.js'
import { toStr } from '../values/text.js'
import type { HostObject, Value } from '../values/value.js'

/** The data types of table columns, by agate's names. */
export type AgateTypeName =
  | 'Integer'
  | 'Number'
  | 'Boolean'
  | 'Text'
  | 'Date'
  | 'DateTime'
  | 'ISODateTime'
  | 'TimeDelta'

/** A column's data type as a value. */
export class AgateType implements HostObject {
  readonly [py.typeName]: string

  constructor(readonly name: AgateTypeName) {
    this[py.typeName] = name
  }

  [py.getattr](name: string): Value {
    if (name !== 'jsonify' && name !== 'csvify') return undefined
    return (args, kwargs) => {
      const [value = null] = bindArguments(name, ['d'], args, kwargs)
      return name === 'jsonify' ? this.#forJson(value) : this.#forCsv(value)
    }
  }

  /** Numbers as floats, integers and truth values as they are, moments in ISO 8601, all else as text. */
  #forJson(value: Value): Value {
    if (value === null || this.name === 'Integer' || this.name === 'Boolean') return value
    if (this.name !== 'Number') return this.#forCsv(value)
    return value instanceof PyDecimal ? new PyFloat(value.toNumber()) : new PyFloat(Number(toStr(value)))
  }

  #forCsv(value: Value): Value {
    if (value === null) return null
    return value instanceof PyDateTime ? value.iso('T', 'auto') : toStr(value)
  }

  [py.eq](other: Value): boolean {
    return other instanceof AgateType && other.name === this.name
  }

  [py.str](): string {
    return `<agate.data_types.${this.name}>`
  }
}

/** The type the values of a column have in common; Integer for a column without any, as dbt guesses. */
export function inferType(values: readonly Value[]): AgateTypeName {
  let found: AgateTypeName | undefined
  for (const value of values) {
    if (value === null || value === undefined) continue
    const type = typeOf(value)
    if (found === undefined || found === type) found = type
    else if (isNumeric(found) && isNumeric(type)) found = 'Number'
    else return 'Text'
  }
  return found ?? 'Integer'
}

function isNumeric(type: AgateTypeName): boolean {
  return type === 'Integer' || type === 'Number'
}

function typeOf(value: Value): AgateTypeName {
  switch (typeof value) {
    case 'boolean':
      return 'Boolean'
    case 'bigint':
      return 'Integer'
    case 'number':
      return Number.isSafeInteger(value) ? 'Integer' : 'Number'
  }
  if (value instanceof PyFloat || value instanceof PyDecimal) return 'Number'
  if (value instanceof PyDateTime) return 'DateTime'
  if (value instanceof PyDate) return 'Date'
  return value instanceof PyTimedelta ? 'TimeDelta' : 'Text'
}
