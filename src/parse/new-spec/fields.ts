import { type DiagnosticBag, diagnostic } from '../../core/diagnostic.js'
import type { TimeWindow, WhereFilterIntersection } from '../../manifest/semantic-manifest.js'

export type YamlObject = Readonly<Record<string, unknown>>

/** Reads fields of YAML; what is of the wrong type is noted and left out. */
export class Fields {
  readonly #fields: YamlObject
  readonly #bag: DiagnosticBag
  /** `metric 'x'`: whose fields these are. */
  readonly subject: string

  constructor(fields: YamlObject, subject: string, bag: DiagnosticBag) {
    this.#fields = fields
    this.#bag = bag
    this.subject = subject
  }

  wrong(message: string, hint?: string): void {
    this.#bag.add(diagnostic('semantic', 'semantic-yaml', message, { subject: this.subject, hint }))
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined && this.#fields[name] !== null
  }

  #get<T>(name: string, is: (value: unknown) => value is T, expected: string): T | undefined {
    const value = this.#fields[name]
    if (value === undefined || value === null) return undefined
    if (is(value)) return value
    this.wrong(`'${name}' must be ${expected}.`)
    return undefined
  }

  text(name: string): string | undefined {
    return this.#get(name, (value): value is string => typeof value === 'string', 'a text')
  }

  /** Expressions may be written as numbers and booleans: `expr: 1`. */
  expression(name: string): string | undefined {
    const value = this.#fields[name]
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : this.text(name)
  }

  number(name: string): number | undefined {
    return this.#get(name, (value): value is number => typeof value === 'number', 'a number')
  }

  flag(name: string): boolean | undefined {
    return this.#get(name, (value): value is boolean => typeof value === 'boolean', 'true or false')
  }

  object(name: string): YamlObject | undefined {
    return this.#get(name, isObject, 'a mapping')
  }

  objects(name: string): readonly YamlObject[] {
    const is = (value: unknown): value is YamlObject[] => Array.isArray(value) && value.every(isObject)
    return this.#get(name, is, 'a list of mappings') ?? []
  }

  texts(name: string): readonly string[] {
    const is = (value: unknown): value is string[] =>
      Array.isArray(value) && value.every((entry) => typeof entry === 'string')
    return this.#get(name, is, 'a list of texts') ?? []
  }

  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const found = choices.find((choice) => choice === value.toLowerCase())
    if (found === undefined) this.wrong(`'${name}' is '${value}'.`, `it can be ${choices.join(', ')}`)
    return found
  }

  /** What has to be there. */
  required<T>(name: string, value: T | undefined): T | undefined {
    if (value === undefined && !this.has(name)) this.wrong(`'${name}' is missing.`)
    return value
  }

  /** A filter as text, or several that all must hold. */
  filter(name: string): WhereFilterIntersection | null {
    const value = this.#fields[name]
    if (value === undefined || value === null) return null
    const list = Array.isArray(value) ? value : [value]
    if (list.some((entry) => typeof entry !== 'string')) {
      this.wrong(`'${name}' must be a text or a list of texts.`)
      return null
    }
    return { where_filters: list.map((entry: string) => ({ where_sql_template: entry })) }
  }

  /** `7 days` */
  window(name: string): TimeWindow | null {
    const text = this.text(name)
    if (text === undefined) return null
    const match = /^\s*(\d+)\s+(\w+)\s*$/.exec(text)
    if (match !== null) return { count: Number(match[1]), granularity: match[2]!.toLowerCase() }
    this.wrong(`'${name}' is '${text}', which is not a window of time.`, `write it like '7 days'`)
    return null
  }

  /** The fields of an entry that may also be a bare text: `entity: primary`. */
  nested(name: string, bare: string): Fields | undefined {
    const value = this.#fields[name]
    if (value === undefined || value === null) return undefined
    if (typeof value === 'string') return new Fields({ [bare]: value }, this.subject, this.#bag)
    const object = this.object(name)
    return object && new Fields(object, this.subject, this.#bag)
  }

  within(fields: YamlObject, subject = this.subject): Fields {
    return new Fields(fields, subject, this.#bag)
  }
}

export function isObject(value: unknown): value is YamlObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
