import type { TypeName } from 'libpg-query'
import { refuse, SQLSTATE } from '../protocol/wire-error.js'
import { constantOf, namesOf } from '../statement/ast.js'
import { OID } from '../values/pg-types.js'
import type { SqlDialect } from './dialects.js'

/** A type of a cast in the warehouse's words. @throws WireError `42704` for types that are not on the list. */
export function writeTypeName(type: TypeName, dialect: SqlDialect): string {
  const name = namesOf(type.names).at(-1)?.toLowerCase() ?? ''
  const written = dialect.types[name]
  if (written === undefined) {
    refuse(SQLSTATE.undefinedObject, `type "${name}" cannot be used here`, { location: type.location })
  }
  const sizes = (type.typmods ?? []).map(constantOf)
  const sized =
    sizes.length > 0 && dialect.sized.has(name) && sizes.every((size) => Number.isSafeInteger(size))
      ? `${written.replace(/\(.*/, '').trim()}(${sizes.join(', ')})`
      : written
  return sized + '[]'.repeat((type.arrayBounds ?? []).length)
}

/** Number of the type a client writes in a cast or a PREPARE; 0 when it is not one of the common ones. */
export function oidOfTypeName(type: TypeName): number {
  const name = namesOf(type.names).at(-1)?.toLowerCase() ?? ''
  const known: Readonly<Record<string, number>> = OID
  return (type.arrayBounds ?? []).length > 0 ? 0 : (known[name] ?? SYNONYMS[name] ?? 0)
}

const SYNONYMS: Readonly<Record<string, number>> = {
  boolean: OID.bool,
  smallint: OID.int2,
  int: OID.int4,
  integer: OID.int4,
  bigint: OID.int8,
  real: OID.float4,
  decimal: OID.numeric,
  string: OID.text,
}
