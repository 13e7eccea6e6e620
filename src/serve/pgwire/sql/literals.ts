import { refuse, SQLSTATE } from '../protocol/wire-error.js'
import { type Parameter, readArrayText } from '../values/parameters.js'
import { isTextual, OID, pgType } from '../values/pg-types.js'

const NUMBERS: ReadonlySet<number> = new Set([
  OID.int2,
  OID.int4,
  OID.int8,
  OID.oid,
  OID.numeric,
  OID.float4,
  OID.float8,
])

const TYPE_NAMES: Readonly<Record<number, string>> = {
  [OID.date]: 'DATE',
  [OID.time]: 'TIME',
  [OID.timestamp]: 'TIMESTAMP',
  [OID.timestamptz]: 'TIMESTAMP WITH TIME ZONE',
  [OID.uuid]: 'UUID',
}

/**
 * A parameter's value as a literal of its type: values never become SQL in another way than literals of the client's
 * own statement do. @throws WireError `22P02` when a number is none.
 */
export function writeParameter(parameter: Parameter, stringLiteral: (value: string) => string): string {
  const { text, oid } = parameter
  if (text === null) return 'NULL'
  if (NUMBERS.has(oid)) {
    const number = text.trim()
    if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(number)) return number.startsWith('-') ? `(${number})` : number
    if (/^[+-]?(nan|inf(inity)?)$/i.test(number)) return `CAST(${stringLiteral(number)} AS DOUBLE PRECISION)`
    return refuse(SQLSTATE.invalidTextRepresentation, `invalid input syntax for a number: "${text}"`)
  }
  if (oid === OID.bool) {
    if (/^(t|true|y|yes|on|1)$/i.test(text)) return 'TRUE'
    if (/^(f|false|n|no|off|0)$/i.test(text)) return 'FALSE'
    return refuse(SQLSTATE.invalidTextRepresentation, `invalid input syntax for type boolean: "${text}"`)
  }
  if (oid === OID.interval) return `INTERVAL ${stringLiteral(text)}`
  const type = TYPE_NAMES[oid]
  if (type === undefined) return stringLiteral(text)
  return `CAST(${stringLiteral(text)} AS ${type})`
}

/** The elements of an array parameter as literals, for `= ANY ($1)`. */
export function writeArrayItems(parameter: Parameter, stringLiteral: (value: string) => string): readonly string[] {
  const element = pgType(parameter.oid).element ?? 0
  return readArrayText(parameter.text ?? '{}').map((text) =>
    writeParameter({ text, oid: isTextual(element) ? 0 : element }, stringLiteral),
  )
}
