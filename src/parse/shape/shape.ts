import { PyFloat, toRepr, type Value } from '../../jinja/index.js'

/** The first thing wrong with a value: dbt's words (JSON schema's), where inside the value, and what may help. */
export interface ShapeFault {
  readonly message: string
  readonly path: readonly (string | number)[]
  /** For a key that is not allowed: the keys that are. */
  readonly unknownKey?: { readonly key: string; readonly known: readonly string[] }
  /** When none of several alternatives fits: what is wrong with the likeliest one. */
  readonly closest?: ShapeFault
}

/** A description of YAML data. `check` gives the first fault, in the order JSON schema validators find them. */
export interface Shape {
  check(value: unknown): ShapeFault | undefined
}

export type Fields = Readonly<Record<string, Shape>>

export interface ObjectOptions {
  readonly required?: readonly string[]
  /** Are other keys than the fields allowed? Default false. */
  readonly extra?: boolean
}

const typed = (type: string, fits: (value: unknown) => boolean): Shape => ({
  check: (value) => (fits(value) ? undefined : wrongType(value, type)),
})

function wrongType(value: unknown, type: string): ShapeFault {
  return { message: `${toRepr(value as Value)} is not of type '${type}'`, path: [] }
}

function isInteger(value: unknown): boolean {
  return (
    typeof value === 'bigint' || (value instanceof PyFloat ? Number.isInteger(value.value) : Number.isInteger(value))
  )
}

/** Is it a YAML mapping (a plain object, or a Map when no key is text)? */
export function isDict(value: unknown): value is { [key: string]: unknown } {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

export const anything: Shape = { check: () => undefined }
export const text = typed('string', (value) => typeof value === 'string')
export const bool = typed('boolean', (value) => typeof value === 'boolean')
export const integer = typed('integer', isInteger)
export const number = typed(
  'number',
  (value) => typeof value === 'number' || typeof value === 'bigint' || value instanceof PyFloat,
)
const nothing = typed('null', (value) => value === null || value === undefined)

/** A mapping with text keys and any values. */
export const dict: Shape = {
  check(value) {
    if (isDict(value)) return undefined
    if (!(value instanceof Map)) return wrongType(value, 'object')
    for (const key of value.keys()) if (typeof key !== 'string') return wrongType(key, 'string')
    return undefined
  },
}

/** One of these texts. */
export function oneOf(...choices: readonly string[]): Shape {
  const set = new Set<unknown>(choices)
  return {
    check: (value) =>
      set.has(value)
        ? undefined
        : {
            message: `${toRepr(value as Value)} is not one of [${choices.map((c) => `'${c}'`).join(', ')}]`,
            path: [],
          },
  }
}

/** What fits one of several shapes. */
export function anyOf(...shapes: readonly Shape[]): Shape {
  return {
    check(value) {
      let closest: ShapeFault | undefined
      for (const shape of shapes) {
        const fault = shape.check(value)
        if (fault === undefined) return undefined
        if (fault.path.length > 0 || fault.unknownKey !== undefined || fault.message.endsWith('a required property')) {
          closest ??= fault
        }
      }
      const message = `${toRepr(value as Value)} is not valid under any of the given schemas`
      return { message, path: [], ...(closest === undefined ? {} : { closest }) }
    },
  }
}

/** The shape, or null. */
export function optional(shape: Shape): Shape {
  const either = anyOf(shape, nothing)
  return { check: (value) => (value === null || value === undefined ? undefined : either.check(value)) }
}

export function list(item: Shape): Shape {
  return {
    check(value) {
      if (!Array.isArray(value)) return wrongType(value, 'array')
      for (let i = 0; i < value.length; i++) {
        const fault = item.check(value[i])
        if (fault !== undefined) return inside(fault, i)
      }
      return undefined
    },
  }
}

/** A text that matches a pattern. */
export function matching(pattern: RegExp): Shape {
  return {
    check(value) {
      if (typeof value !== 'string') return wrongType(value, 'string')
      return pattern.test(value)
        ? undefined
        : { message: `${toRepr(value)} does not match ${toRepr(pattern.source)}`, path: [] }
    },
  }
}

/** A mapping with known keys. */
export function object(fields: Fields, options: ObjectOptions = {}): Shape {
  const entries = Object.entries(fields)
  const known = entries.map(([key]) => key)
  const required = options.required ?? []
  return {
    check(value) {
      if (!isDict(value)) return wrongType(value, 'object')
      for (const [key, shape] of entries) {
        const item = value[key]
        if (item === undefined) continue
        const fault = shape.check(item)
        if (fault !== undefined) return inside(fault, key)
      }
      if (options.extra !== true) {
        const extras = Object.keys(value).filter((key) => !Object.hasOwn(fields, key))
        if (extras.length > 0) return unexpected(extras.sort(), known)
      }
      for (const key of required) {
        if (!Object.hasOwn(value, key)) return { message: `'${key}' is a required property`, path: [] }
      }
      return undefined
    },
  }
}

function unexpected(extras: readonly string[], known: readonly string[]): ShapeFault {
  const names = extras.map((key) => toRepr(key)).join(', ')
  return {
    message: `Additional properties are not allowed (${names} ${extras.length === 1 ? 'was' : 'were'} unexpected)`,
    path: [],
    unknownKey: { key: extras[0]!, known },
  }
}

function inside(fault: ShapeFault, step: string | number): ShapeFault {
  return { ...fault, path: [step, ...fault.path] }
}

/** The most telling fault and where it is: inside the likeliest alternative, where there are several. */
export function innermostFault(fault: ShapeFault): ShapeFault {
  if (fault.closest === undefined) return fault
  const inner = innermostFault(fault.closest)
  return { ...inner, path: [...fault.path, ...inner.path] }
}

/** `at path ['columns'][0]: ...`: how dbt words a fault. */
export function faultMessage(fault: ShapeFault): string {
  const path = fault.path.map((step) => (typeof step === 'number' ? String(step) : toRepr(step))).join('][')
  return `at path [${path}]: ${fault.message}`
}
