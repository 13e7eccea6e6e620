import { pyError } from '../../values/errors.js'
import * as py from '../../values/py.js'
import { toRepr } from '../../values/text.js'
import { tuple } from '../../values/tuple.js'
import type { HostObject, Value } from '../../values/value.js'
import type { PyPattern } from './pattern.js'
import { expandTemplate } from './replacement.js'

/** One group as it matched; undefined when it took no part. */
export interface Span {
  readonly text: string
  readonly start: number
  readonly end: number
}

/** What a match object needs of its pattern. */
export type MatchedPattern = Pick<PyPattern, 'names'> & HostObject

/** Python's match object. */
export class PyMatch implements HostObject {
  readonly [py.typeName] = 're.Match'

  constructor(
    readonly pattern: MatchedPattern,
    readonly string: string,
    /** Group 0 first. */
    readonly spans: readonly (Span | undefined)[],
  ) {}

  get whole(): Span {
    return this.spans[0]!
  }

  /** A group by number or name. Throws an IndexError when there is none. */
  span(group: Value): Span | undefined {
    const number = typeof group === 'string' ? this.pattern.names.get(group) : group
    if (typeof number !== 'number' || number < 0 || number >= this.spans.length)
      throw pyError('IndexError', 'no such group')
    return this.spans[number]
  }

  group(group: Value): Value {
    return this.span(group)?.text ?? null
  }

  groups(otherwise: Value = null): Value[] {
    return this.spans.slice(1).map((span) => span?.text ?? otherwise)
  }

  [py.getattr](name: string): Value {
    const method = METHODS[name]
    if (method)
      return (args, kwargs) => method(this, args[0] === undefined ? [kwargs['default'], ...args.slice(1)] : args)
    switch (name) {
      case 'string':
        return this.string
      case 're':
        return this.pattern
      case 'pos':
        return 0
      case 'endpos':
        return this.string.length
      case 'lastindex':
        return this.#last || null
      case 'lastgroup':
        return Array.from(this.pattern.names).find(([, n]) => n === this.#last)?.[0] ?? null
      default:
        return undefined
    }
  }

  get #last(): number {
    let last = 0
    let end = -1
    for (let i = 1; i < this.spans.length; i++) {
      const span = this.spans[i]
      if (span && span.end > end) {
        end = span.end
        last = i
      }
    }
    return last
  }

  [py.getitem](key: Value): Value {
    return this.group(key)
  }

  [py.str](): string {
    const { start, end, text } = this.whole
    return `<re.Match object; span=(${start}, ${end}), match=${toRepr(text)}>`
  }
}

type MatchMethod = (self: PyMatch, args: readonly Value[]) => Value

const METHODS: Readonly<Record<string, MatchMethod>> = {
  group: (self, args) => {
    const groups = args.filter((arg) => arg !== undefined)
    if (groups.length > 1) return tuple(groups.map((g) => self.group(g)))
    return self.group(groups[0] ?? 0)
  },
  groups: (self, args) => tuple(self.groups(args[0] ?? null)),
  groupdict: (self, args) => {
    const names = Array.from(self.pattern.names, ([name]): [Value, Value] => [
      name,
      self.span(name)?.text ?? args[0] ?? null,
    ])
    return new Map(names)
  },
  start: (self, args) => self.span(args[0] ?? 0)?.start ?? -1,
  end: (self, args) => self.span(args[0] ?? 0)?.end ?? -1,
  span: (self, args) => {
    const span = self.span(args[0] ?? 0)
    return tuple(span ? [span.start, span.end] : [-1, -1])
  },
  expand: (self, args) => expandTemplate(String(args[0]), self.pattern.names, self.spans),
}
