import { STRING_METHODS } from './methods/string.js'
import { formatPercent } from './percent-format.js'
import * as py from './py.js'
import { reprString, toStr } from './text.js'
import { PyTuple, tuple } from './tuple.js'
import type { ArithmeticOperator, HostObject, Kwargs, Value } from './value.js'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&#39;',
  '"': '&#34;',
}

/** Text with the characters HTML gives a meaning replaced. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>'"]/g, (c) => ENTITIES[c]!)
}

/** Text known to be HTML: what `e`, `safe` and `tojson` give. What is joined to it gets escaped. */
export class Markup implements HostObject {
  readonly [py.typeName] = 'Markup'

  constructor(readonly text: string) {}

  [py.getattr](name: string): Value {
    const method = STRING_METHODS.get(name)
    if (!method) return undefined
    return (args: readonly Value[], kwargs: Kwargs) => marked(method(this.text, args.map(escapedArgument), kwargs))
  }

  [py.getitem](key: Value): Value {
    return typeof key === 'number' ? this.text.at(key) : undefined
  }

  [py.arithmetic](operator: ArithmeticOperator, other: Value, reflected: boolean): Value {
    if (operator === '+' && (typeof other === 'string' || other instanceof Markup)) {
      const added = escapeValue(other).text
      return new Markup(reflected ? added + this.text : this.text + added)
    }
    if (operator === '*' && typeof other === 'number') return new Markup(this.text.repeat(Math.max(0, other)))
    if (operator === '%' && !reflected) return new Markup(formatPercent(this.text, escapedArgument(other)))
    return undefined
  }

  [py.str](): string {
    return this.text
  }

  [py.repr](): string {
    return `Markup(${reprString(this.text)})`
  }

  [py.iter](): Iterable<Value> {
    return this.text
  }

  [py.len](): number {
    return Array.from(this.text).length
  }

  [py.contains](value: Value): boolean {
    return this.text.includes(toStr(value))
  }

  [py.eq](other: Value): boolean {
    return other instanceof Markup ? other.text === this.text : other === this.text
  }

  [py.lt](other: Value): boolean | undefined {
    if (other instanceof Markup) return this.text < other.text
    return typeof other === 'string' ? this.text < other : undefined
  }
}

/** `value | e`: markup as it is, everything else as escaped text. */
export function escapeValue(value: Value): Markup {
  return value instanceof Markup ? value : new Markup(escapeHtml(toStr(value)))
}

function escapedArgument(value: Value): Value {
  if (typeof value === 'string') return escapeHtml(value)
  if (value instanceof Markup) return value.text
  if (value instanceof PyTuple) return tuple(value.map(escapedArgument))
  return Array.isArray(value) ? value.map(escapedArgument) : value
}

function marked(value: Value): Value {
  if (typeof value === 'string') return new Markup(value)
  return Array.isArray(value) ? value.map(marked) : value
}
