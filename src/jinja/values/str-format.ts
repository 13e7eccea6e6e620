import { pyError } from './errors.js'
import { formatValue } from './format-spec.js'
import { toRepr, toStr } from './text.js'
import type { Kwargs, Value } from './value.js'

/** How `{0.name[key]}` gets at attributes and items. */
export interface FieldLookup {
  getAttr(value: Value, name: string): Value
  getItem(value: Value, key: Value): Value
}

/** `'{} {name!r:>10} {0.attr[key]}'.format(...)`: fields are looked up with the sandbox's rules. */
export function formatStr(format: string, args: readonly Value[], kwargs: Kwargs, lookup: FieldLookup): string {
  return new StrFormat(args, kwargs, lookup).format(format, 2)
}

class StrFormat {
  /** Next automatic field number; -1 once fields were numbered by hand. */
  #auto: number | undefined = 0

  constructor(
    readonly args: readonly Value[],
    readonly kwargs: Kwargs,
    readonly lookup: FieldLookup,
  ) {}

  format(text: string, depth: number): string {
    if (depth < 0) throw pyError('ValueError', 'Max string recursion exceeded')
    let out = ''
    for (let at = 0; at < text.length; ) {
      const brace = nextBrace(text, at)
      if (brace === -1) return out + text.slice(at)
      out += text.slice(at, brace)
      const character = text[brace]!
      if (text[brace + 1] === character) {
        out += character
        at = brace + 2
        continue
      }
      if (character === '}') throw pyError('ValueError', "Single '}' encountered in format string")
      const end = closingBrace(text, brace)
      out += this.#field(text.slice(brace + 1, end), depth)
      at = end + 1
    }
    return out
  }

  #field(field: string, depth: number): string {
    const { name, conversion, spec } = splitField(field)
    const value = this.#lookUp(name)
    const converted = convert(value, conversion)
    return formatValue(converted, spec === '' ? '' : this.format(spec, depth - 1))
  }

  #lookUp(name: string): Value {
    const head = /^[^.[]*/.exec(name)![0]
    let value = this.#argument(head)
    const steps = /\.([^.[]+)|\[([^\]]+)\]/g
    steps.lastIndex = head.length
    for (let step = steps.exec(name); step; step = steps.exec(name)) {
      const [, attribute, item] = step
      if (attribute !== undefined) value = this.lookup.getAttr(value, attribute)
      else value = this.lookup.getItem(value, /^\d+$/.test(item!) ? Number(item) : item!)
    }
    return value
  }

  #argument(head: string): Value {
    if (head === '' || /^\d+$/.test(head)) {
      const index = this.#position(head)
      if (index >= this.args.length) throw pyError('IndexError', 'tuple index out of range')
      return this.args[index]
    }
    if (!Object.hasOwn(this.kwargs, head)) throw pyError('KeyError', toRepr(head))
    return this.kwargs[head]
  }

  #position(head: string): number {
    if (head === '') {
      if (this.#auto === undefined)
        throw pyError('ValueError', 'cannot switch from manual field specification to automatic field numbering')
      return this.#auto++
    }
    if (this.#auto)
      throw pyError('ValueError', 'cannot switch from manual field specification to automatic field numbering')
    this.#auto = undefined
    return Number(head)
  }
}

function nextBrace(text: string, from: number): number {
  const open = text.indexOf('{', from)
  const close = text.indexOf('}', from)
  if (open === -1) return close
  return close === -1 ? open : Math.min(open, close)
}

function closingBrace(text: string, open: number): number {
  let depth = 0
  for (let at = open; at < text.length; at++) {
    if (text[at] === '{') depth++
    else if (text[at] === '}' && --depth === 0) return at
  }
  if (open === text.length - 1) throw pyError('ValueError', "Single '{' encountered in format string")
  throw pyError('ValueError', "expected '}' before end of string")
}

function splitField(field: string): { name: string; conversion: string; spec: string } {
  let inBrackets = false
  for (let at = 0; at < field.length; at++) {
    const character = field[at]
    if (character === '[') inBrackets = true
    else if (character === ']') inBrackets = false
    else if (!inBrackets && character === ':')
      return { name: field.slice(0, at), conversion: '', spec: field.slice(at + 1) }
    else if (!inBrackets && character === '!') {
      const conversion = field[at + 1] ?? ''
      const after = field[at + 2]
      if (conversion === '') throw pyError('ValueError', 'end of string while looking for conversion specifier')
      if (after !== undefined && after !== ':') throw pyError('ValueError', "expected ':' after conversion specifier")
      return { name: field.slice(0, at), conversion, spec: field.slice(at + 3) }
    }
  }
  return { name: field, conversion: '', spec: '' }
}

function convert(value: Value, conversion: string): Value {
  switch (conversion) {
    case '':
      return value
    case 's':
      return toStr(value)
    case 'r':
    case 'a':
      return toRepr(value)
    default:
      throw pyError('ValueError', `Unknown conversion specifier ${conversion}`)
  }
}
