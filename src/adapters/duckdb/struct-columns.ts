import type { ColumnDescription } from '../column.js'
import { plainColumn } from '../column-types.js'

/** `a STRUCT(x INTEGER, y STRUCT(z VARCHAR))` -> `a.x INTEGER`, `a.y.z VARCHAR`; any other column stays. */
export function flattenStruct(column: ColumnDescription): ColumnDescription[] {
  const body = /^STRUCT\((.*)\)$/is.exec(column.dataType)?.[1]
  if (body === undefined) return [column]
  return splitFields(body).flatMap(({ name, type }) => flattenStruct(plainColumn(`${column.name}.${name}`, type)))
}

/** Splits `a INTEGER, "b c" DECIMAL(10,2)` at the commas that stand outside parentheses and quotes. */
function splitFields(body: string): { name: string; type: string }[] {
  const fields: string[] = []
  let depth = 0
  let quoted = false
  let start = 0
  for (let at = 0; at < body.length; at++) {
    const character = body[at]
    if (character === '"') quoted = !quoted
    else if (quoted) continue
    else if (character === '(') depth++
    else if (character === ')') depth--
    else if (character === ',' && depth === 0) {
      fields.push(body.slice(start, at))
      start = at + 1
    }
  }
  fields.push(body.slice(start))
  return fields.map((field) => {
    const [, name, type] = /^\s*("(?:[^"]|"")*"|\S+)\s+(.*?)\s*$/s.exec(field) ?? [field, field.trim(), '']
    return { name: name!, type: type! }
  })
}
