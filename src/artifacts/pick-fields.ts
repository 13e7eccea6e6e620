import type { Json } from '../manifest/index.js'

/**
 * Which fields of a record are kept, in order. `null` stands for a value taken as it is (null when absent), an object
 * for a record inside, `[shape]` for a list of them; a default replaces what is absent.
 */
export interface Shape {
  readonly [field: string]: Field
}
type Field = null | Shape | readonly [Shape] | { readonly absent: Json } | { readonly optional: true }

/** The record cut to its shape; null stays null. */
export function pick(record: object | null | undefined, shape: Shape): Json {
  if (record === null || record === undefined) return null
  const out: Record<string, Json> = {}
  for (const [name, field] of Object.entries(shape)) {
    const value = (record as Readonly<Record<string, Json | undefined>>)[name]
    if (field === null) out[name] = value ?? null
    else if (isList(field))
      out[name] = Array.isArray(value) ? value.map((v) => pick(v as object, field[0])) : (value ?? null)
    else if ('absent' in field) out[name] = value ?? (field.absent as Json)
    else if ('optional' in field) {
      if (value !== undefined && value !== null) out[name] = value
    } else out[name] = pick(value as object | null | undefined, field as Shape)
  }
  return out
}

function isList(field: Field): field is readonly [Shape] {
  return Array.isArray(field)
}
