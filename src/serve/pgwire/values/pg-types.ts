/** PostgreSQL's own numbers for its types: clients know them by heart. */
export const OID = {
  bool: 16,
  bytea: 17,
  char: 18,
  name: 19,
  int8: 20,
  int2: 21,
  int4: 23,
  text: 25,
  oid: 26,
  json: 114,
  float4: 700,
  float8: 701,
  unknown: 705,
  bpchar: 1042,
  varchar: 1043,
  date: 1082,
  time: 1083,
  timestamp: 1114,
  timestamptz: 1184,
  interval: 1186,
  timetz: 1266,
  varbit: 1562,
  numeric: 1700,
  uuid: 2950,
  jsonb: 3802,
} as const

export type ScalarName = keyof typeof OID

/** Array types of those that warehouses make lists of. */
const ARRAYS: Readonly<Record<number, number>> = {
  16: 1000,
  17: 1001,
  19: 1003,
  20: 1016,
  21: 1005,
  23: 1007,
  25: 1009,
  26: 1028,
  114: 199,
  700: 1021,
  701: 1022,
  1042: 1014,
  1043: 1015,
  1082: 1182,
  1083: 1183,
  1114: 1115,
  1184: 1185,
  1186: 1187,
  1266: 1270,
  1562: 1563,
  1700: 1231,
  2950: 2951,
  3802: 3807,
}

const ELEMENTS: ReadonlyMap<number, number> = new Map(Object.entries(ARRAYS).map(([of, array]) => [array, Number(of)]))

const SIZES: Readonly<Record<number, number>> = {
  16: 1,
  18: 1,
  19: 64,
  20: 8,
  21: 2,
  23: 4,
  26: 4,
  700: 4,
  701: 8,
  1082: 4,
  1083: 8,
  1114: 8,
  1184: 8,
  1186: 16,
  1266: 12,
  2950: 16,
}

/** A type of the wire. */
export interface PgType {
  readonly oid: number
  /** Of the elements, when it is an array. */
  readonly element: number | null
  /** Bytes of a value, or -1. */
  readonly size: number
  /** Precision and scale of numerics, or -1. */
  readonly modifier: number
}

export function pgType(oid: number, modifier = -1): PgType {
  return { oid, element: ELEMENTS.get(oid) ?? null, size: SIZES[oid] ?? -1, modifier }
}

export const TEXT: PgType = pgType(OID.text)

/** Names of types, in the warehouses' words and in PostgreSQL's, without sizes. */
const NAMES: Readonly<Record<string, number>> = {
  bool: OID.bool,
  boolean: OID.bool,
  tinyint: OID.int2,
  utinyint: OID.int2,
  smallint: OID.int2,
  int2: OID.int2,
  int: OID.int4,
  int4: OID.int4,
  integer: OID.int4,
  usmallint: OID.int4,
  bigint: OID.int8,
  int8: OID.int8,
  uinteger: OID.int8,
  ubigint: OID.numeric,
  hugeint: OID.numeric,
  uhugeint: OID.numeric,
  bignum: OID.numeric,
  float: OID.float4,
  float4: OID.float4,
  real: OID.float4,
  double: OID.float8,
  'double precision': OID.float8,
  float8: OID.float8,
  decimal: OID.numeric,
  numeric: OID.numeric,
  varchar: OID.text,
  'character varying': OID.varchar,
  character: OID.bpchar,
  bpchar: OID.bpchar,
  char: OID.bpchar,
  text: OID.text,
  string: OID.text,
  name: OID.name,
  blob: OID.bytea,
  bytea: OID.bytea,
  date: OID.date,
  time: OID.time,
  'time without time zone': OID.time,
  'time with time zone': OID.timetz,
  timetz: OID.timetz,
  timestamp: OID.timestamp,
  datetime: OID.timestamp,
  timestamp_s: OID.timestamp,
  timestamp_ms: OID.timestamp,
  timestamp_ns: OID.timestamp,
  'timestamp without time zone': OID.timestamp,
  'timestamp with time zone': OID.timestamptz,
  timestamptz: OID.timestamptz,
  interval: OID.interval,
  uuid: OID.uuid,
  json: OID.json,
  jsonb: OID.jsonb,
  bit: OID.varbit,
  varbit: OID.varbit,
  oid: OID.oid,
}

/** Records and maps are shown as JSON. */
const RECORD = /^(struct|map|union|row|record)\b/

/** What a type of the warehouse is on the wire; what PostgreSQL has no name for is text. */
export function typeOfColumn(warehouseType: string): PgType {
  const name = warehouseType.trim().toLowerCase()
  if (name.endsWith(']')) {
    const element = typeOfColumn(name.slice(0, name.lastIndexOf('[')))
    // PostgreSQL has no arrays of arrays as a type: the dimensions are in the value.
    return element.element === null ? pgType(ARRAYS[element.oid] ?? ARRAYS[OID.text]!) : element
  }
  if (name.startsWith('_') && NAMES[name.slice(1)] !== undefined) return pgType(ARRAYS[NAMES[name.slice(1)]!] ?? 1009)
  if (RECORD.test(name)) return pgType(OID.json)
  // decimal(18,2)
  const sized = /^([a-z0-9_ ]+?)\s*\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)(.*)$/.exec(name)
  const oid = NAMES[sized === null ? name : `${sized[1]}${sized[4]}`.trim()]
  if (oid === undefined) return TEXT
  if (sized === null) return pgType(oid)
  const first = Number(sized[2])
  if (oid === OID.numeric) return pgType(oid, ((first << 16) | Number(sized[3] ?? 0)) + 4)
  return pgType(oid, oid === OID.varchar || oid === OID.bpchar ? first + 4 : -1)
}

const NAME_OF: ReadonlyMap<number, string> = new Map([
  [OID.bool, 'boolean'],
  [OID.bytea, 'bytea'],
  [OID.int2, 'smallint'],
  [OID.int4, 'integer'],
  [OID.int8, 'bigint'],
  [OID.float4, 'real'],
  [OID.float8, 'double precision'],
  [OID.numeric, 'numeric'],
  [OID.text, 'text'],
  [OID.varchar, 'character varying'],
  [OID.bpchar, 'character'],
  [OID.name, 'name'],
  [OID.date, 'date'],
  [OID.time, 'time'],
  [OID.timetz, 'time with time zone'],
  [OID.timestamp, 'timestamp'],
  [OID.timestamptz, 'timestamp with time zone'],
  [OID.interval, 'interval'],
  [OID.uuid, 'uuid'],
  [OID.json, 'json'],
  [OID.jsonb, 'jsonb'],
  [OID.varbit, 'bit varying'],
  [OID.oid, 'oid'],
])

/** How PostgreSQL writes the type in DDL. */
export function ddlName({ oid, element, modifier }: PgType): string {
  if (element !== null) return `${NAME_OF.get(element) ?? 'text'}[]`
  if (oid === OID.numeric && modifier >= 4) return `numeric(${(modifier - 4) >> 16},${(modifier - 4) & 0xffff})`
  if ((oid === OID.varchar || oid === OID.bpchar) && modifier >= 4) return `${NAME_OF.get(oid)}(${modifier - 4})`
  return NAME_OF.get(oid) ?? 'text'
}

export function isTextual(oid: number): boolean {
  return oid === OID.text || oid === OID.varchar || oid === OID.bpchar || oid === OID.unknown || oid === OID.name
}
