/**
 * Reads calls like `Dimension('listing__country').grain('month')` from filters, order-by items and saved queries.
 * Only literals are understood as arguments: nothing is evaluated.
 */

export type ObjectType = 'Dimension' | 'TimeDimension' | 'Entity' | 'Metric'

export interface ObjectCall {
  readonly object: ObjectType
  /** Lower case, as written: may hold a path and a grain (`listing__ds__month`). */
  readonly name: string
  readonly entityPath: readonly string[]
  readonly grain: string | undefined
  readonly part: string | undefined
  /** Metric only. */
  readonly groupBy: readonly string[]
  readonly descending: boolean | undefined
  /** The text of the call, for messages. */
  readonly text: string
}

/** A text that is not such a call, with the reason. */
export interface CallFault {
  readonly fault: string
}

type Literal = string | number | boolean | null | readonly Literal[]

const PARAMETERS: { readonly [K in ObjectType]: readonly string[] } = {
  Dimension: ['name', 'entity_path'],
  TimeDimension: ['time_dimension_name', 'time_granularity_name', 'entity_path', 'descending', 'date_part_name'],
  Entity: ['entity_name', 'entity_path'],
  Metric: ['metric_name', 'group_by'],
}

/** The same argument under the names other servers of this language give it. */
const SYNONYMS: Readonly<Record<string, string>> = {
  grain: 'time_granularity_name',
  name: '',
}

const METHODS: { readonly [K in ObjectType]: readonly string[] } = {
  Dimension: ['grain', 'date_part', 'descending'],
  TimeDimension: ['descending'],
  Entity: ['descending'],
  Metric: ['descending'],
}

/** Reads one call with its methods. `allowDescending`: in an order-by item. */
export function readObjectCall(text: string, allowDescending = false): ObjectCall | CallFault {
  const reader = new CallReader(text)
  const object = reader.word()
  if (object === undefined || !Object.hasOwn(PARAMETERS, object)) {
    return { fault: `'${object ?? text.trim()}' is not one of Dimension, TimeDimension, Entity and Metric` }
  }
  const type = object as ObjectType
  const args = reader.args()
  if (args === undefined) return { fault: reader.describe() }
  const bound = bindArguments(type, args)
  if ('fault' in bound) return bound
  const methods: Record<string, Literal> = {}
  while (reader.take('.')) {
    const method = reader.word()
    const methodArgs = method === undefined ? undefined : reader.args()
    if (method === undefined || methodArgs === undefined) return { fault: reader.describe() }
    const usable =
      METHODS[type].includes(method) && (method !== 'descending' || allowDescending || type === 'Dimension')
    if (!usable) return { fault: `.${method}() cannot be used with ${type} here` }
    methods[method] = methodArgs.positional[0] ?? methodArgs.named.values().next().value ?? null
  }
  if (!reader.atEnd()) return { fault: reader.describe() }
  return createCall(type, bound.values, methods, text.trim())
}

interface Arguments {
  readonly positional: readonly Literal[]
  readonly named: ReadonlyMap<string, Literal>
}

function bindArguments(type: ObjectType, args: Arguments): { values: ReadonlyMap<string, Literal> } | CallFault {
  const parameters = PARAMETERS[type]
  if (args.positional.length > parameters.length) {
    return { fault: `${type} takes at most ${parameters.length} arguments, not ${args.positional.length}` }
  }
  const values = new Map(args.positional.map((value, index) => [parameters[index]!, value]))
  for (const [written, value] of args.named) {
    const name = parameters.includes(written)
      ? written
      : SYNONYMS[written] || (written === 'name' ? parameters[0]! : written)
    if (!parameters.includes(name)) return { fault: `${type} has no argument '${written}'` }
    if (values.has(name)) return { fault: `${type} is given '${written}' twice` }
    values.set(name, value)
  }
  return { values }
}

function createCall(
  type: ObjectType,
  values: ReadonlyMap<string, Literal>,
  methods: Readonly<Record<string, Literal>>,
  text: string,
): ObjectCall | CallFault {
  const name = values.get(PARAMETERS[type][0]!)
  if (typeof name !== 'string' || name === '') return { fault: `${type} needs a name` }
  const entityPath = textList(values.get('entity_path'))
  const groupBy = textList(values.get('group_by'))
  if (entityPath === undefined || groupBy === undefined) return { fault: `${type} needs a list of names here` }
  const grain = methods.grain ?? values.get('time_granularity_name') ?? undefined
  const part = methods.date_part ?? values.get('date_part_name') ?? undefined
  const descending = methods.descending ?? values.get('descending') ?? undefined
  if ((grain !== undefined && typeof grain !== 'string') || (part !== undefined && typeof part !== 'string')) {
    return { fault: `the grain and the date part of ${type} are names` }
  }
  return {
    object: type,
    name: name.toLowerCase(),
    entityPath: entityPath.map((entity) => entity.toLowerCase()),
    grain: grain?.toLowerCase(),
    part: part?.toLowerCase(),
    groupBy: groupBy.map((item) => item.toLowerCase()),
    descending: typeof descending === 'boolean' ? descending : undefined,
    text,
  }
}

function textList(value: Literal | undefined): readonly string[] | undefined {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) return undefined
  return value.every((entry) => typeof entry === 'string') ? (value as readonly string[]) : undefined
}

/** A cursor over the text of a call. */
class CallReader {
  #at = 0
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  #skip(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++
  }

  #match(pattern: RegExp): string | undefined {
    this.#skip()
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (found !== undefined) this.#at += found.length
    return found
  }

  take(sign: string): boolean {
    this.#skip()
    if (!this.#text.startsWith(sign, this.#at)) return false
    this.#at += sign.length
    return true
  }

  word(): string | undefined {
    return this.#match(/[A-Za-z_]\w*/y)
  }

  atEnd(): boolean {
    this.#skip()
    return this.#at >= this.#text.length
  }

  describe(): string {
    const rest = this.#text.slice(this.#at).trim()
    return rest === '' ? 'the call ends too early' : `it cannot be read from here on: ${rest}`
  }

  args(): Arguments | undefined {
    if (!this.take('(')) return undefined
    const positional: Literal[] = []
    const named = new Map<string, Literal>()
    while (!this.take(')')) {
      const name = this.#match(/[A-Za-z_]\w*(?=\s*=[^=])/y)
      if (name !== undefined && !this.take('=')) return undefined
      const value = this.#literal()
      if (value === undefined) return undefined
      if (name !== undefined) named.set(name, value)
      else if (named.size > 0) return undefined
      else positional.push(value)
      if (!this.take(',')) {
        if (!this.take(')')) return undefined
        break
      }
    }
    return { positional, named }
  }

  #literal(): Literal | undefined {
    const string = this.#match(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/y)
    if (string !== undefined) return string.slice(1, -1).replaceAll(/\\(.)/g, '$1')
    const number = this.#match(/-?\d+(?:\.\d+)?/y)
    if (number !== undefined) return Number(number)
    const word = this.#match(/(?:True|true|False|false|None|none)\b/y)?.toLowerCase()
    if (word !== undefined) return word === 'none' ? null : word === 'true'
    if (this.take('[')) return this.#list(']')
    if (this.take('(')) return this.#list(')')
    return undefined
  }

  #list(end: string): Literal | undefined {
    const values: Literal[] = []
    while (!this.take(end)) {
      const value = this.#literal()
      if (value === undefined) return undefined
      values.push(value)
      if (!this.take(',')) {
        if (!this.take(end)) return undefined
        break
      }
    }
    return values
  }
}
