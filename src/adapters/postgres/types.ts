import type { Cell, ResultColumn } from '../adapter.js'

type Family = ResultColumn['family']
type Reader = (text: string) => Cell

interface TypeRules {
  /** Name as PostgreSQL writes it. */
  readonly name: string
  readonly family: Family
  readonly read: Reader
  /** Name that dbt compares contracts by; several types share one. */
  readonly label: string
}

const asText: Reader = (text) => text
const asNumber: Reader = (text) => Number(text)
const asInteger: Reader = (text) => {
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : BigInt(text)
}
const asDecimal: Reader = (text) => ({ kind: 'decimal', text })
const asBoolean: Reader = (text) => text === 't'
const asBytes: Reader = (text) => Uint8Array.from(Buffer.from(text.slice(2), 'hex'))
/** A moment in whatever zone the session is in, as the same moment in UTC. */
const asInstant: Reader = (text) => {
  const match = /^(\d{4,})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d+))?([+-])(\d\d)(?::(\d\d))?$/.exec(text)
  if (match === null) return text
  const [, year, month, day, hour, minute, second, fraction, sign, zoneHours, zoneMinutes] = match
  const offset = (Number(zoneHours) * 60 + Number(zoneMinutes ?? 0)) * (sign === '-' ? -1 : 1)
  const time = new Date(Date.UTC(+year!, +month! - 1, +day!, +hour!, +minute!, +second!) - offset * 60_000)
  const utc = time.toISOString()
  return `${utc.slice(0, 10)} ${utc.slice(11, 19)}${fraction === undefined ? '' : `.${fraction}`}+00:00`
}

function rules(name: string, label: string, family: Family, read: Reader = asText): TypeRules {
  return { name, label, family, read }
}

/** Types by their fixed numbers in pg_type. Labels are psycopg2's, with dbt's TEXT for its STRING. */
const TYPES: ReadonlyMap<number, TypeRules> = new Map([
  [16, rules('boolean', 'BOOLEAN', 'boolean', asBoolean)],
  [17, rules('bytea', 'BINARY', 'other', asBytes)],
  [18, rules('"char"', 'TEXT', 'text')],
  [19, rules('name', 'TEXT', 'text')],
  [20, rules('bigint', 'LONGINTEGER', 'integer', asInteger)],
  [21, rules('smallint', 'INTEGER', 'integer', asNumber)],
  [23, rules('integer', 'INTEGER', 'integer', asNumber)],
  [25, rules('text', 'TEXT', 'text')],
  [26, rules('oid', 'ROWID', 'integer', asNumber)],
  [114, rules('json', 'JSON', 'other')],
  [700, rules('real', 'FLOAT', 'number', asNumber)],
  [701, rules('double precision', 'FLOAT', 'number', asNumber)],
  [705, rules('unknown', 'UNKNOWN', 'text')],
  [1042, rules('character', 'TEXT', 'text')],
  [1043, rules('character varying', 'TEXT', 'text')],
  [1082, rules('date', 'DATE', 'date')],
  [1083, rules('time without time zone', 'TIME', 'other')],
  [1114, rules('timestamp without time zone', 'DATETIME', 'datetime')],
  [1184, rules('timestamp with time zone', 'DATETIMETZ', 'datetime', asInstant)],
  [1186, rules('interval', 'INTERVAL', 'interval')],
  [1266, rules('time with time zone', 'TIME', 'other')],
  [1700, rules('numeric', 'DECIMAL', 'number', asDecimal)],
  [2950, rules('uuid', 'UUID', 'text')],
  [3802, rules('jsonb', 'JSONB', 'other')],
])

/** Arrays: number of the type, number of its elements' type. */
const ARRAYS: ReadonlyMap<number, number> = new Map([
  ...([
    [1000, 16],
    [1001, 17],
    [1002, 18],
    [1003, 19],
    [1005, 21],
    [1007, 23],
    [1009, 25],
    [1014, 1042],
  ] as const),
  ...([
    [1015, 1043],
    [1016, 20],
    [1021, 700],
    [1022, 701],
    [1028, 26],
    [1115, 1114],
    [1182, 1082],
  ] as const),
  ...([
    [1183, 1083],
    [1185, 1184],
    [1187, 1186],
    [1231, 1700],
    [199, 114],
    [2951, 2950],
    [3807, 3802],
  ] as const),
])

/** The rules of a type; a type PostgreSQL does not bring is text under its number. */
export function typeRules(oid: number): TypeRules {
  const known = TYPES.get(oid)
  if (known !== undefined) return known
  const element = ARRAYS.get(oid)
  if (element === undefined) return rules(`type ${oid}`, `unknown type_code ${oid}`, 'other')
  const inner = typeRules(element)
  // psycopg2's name of the array is kept as it is: dbt renames its STRING only where it stands alone.
  const label = inner.label === 'TEXT' ? 'STRING' : inner.label
  return rules(`${inner.name}[]`, `${label}ARRAY`, 'other', (text) => readArray(text, inner.read))
}

/** `{1,NULL,"a, b",{2}}` as a list. */
function readArray(text: string, read: Reader): Cell {
  let at = text.startsWith('[') ? text.indexOf('=') + 1 : 0
  const list = (): Cell => {
    const items: Cell[] = []
    at++
    while (text[at] !== '}') {
      if (text[at] === '{') items.push(list())
      else if (text[at] === '"') items.push(read(quoted()))
      else items.push(plain())
      if (text[at] === ',') at++
    }
    at++
    return { kind: 'list', items }
  }
  const quoted = (): string => {
    let value = ''
    for (at++; text[at] !== '"'; at++) {
      if (text[at] === '\\') at++
      value += text[at]
    }
    at++
    return value
  }
  const plain = (): Cell => {
    const start = at
    while (text[at] !== ',' && text[at] !== '}') at++
    const value = text.slice(start, at)
    return value === 'NULL' ? null : read(value)
  }
  return list()
}
