import type { RelationInfo } from '../../adapters/relation.js'
import type { EventTimeFilter } from './event-time-filter.js'

/** Which parts of a name are written, or quoted. */
export interface Policy {
  readonly database: boolean
  readonly schema: boolean
  readonly identifier: boolean
}

export type NamePart = keyof Policy
export const NAME_PARTS: readonly NamePart[] = ['database', 'schema', 'identifier']
export const ALL_PARTS: Policy = { database: true, schema: true, identifier: true }

/** Everything a relation object knows. */
export interface RelationState extends RelationInfo {
  readonly include: Policy
  readonly quote: Policy
  /** Made by a materialization of this run: unquoted parts of its name are then compared without case. */
  readonly dbtCreated: boolean
  /** At most so many rows; 0 under `--empty`. */
  readonly limit: number | null
  readonly eventTimeFilter: EventTimeFilter | null
  readonly requireAlias: boolean
  /** Stands in for the name when the relation is a file. */
  readonly location: string | null
  readonly catalog: string | null
  /** Set on `information_schema` relations: the view below it, or null for none. */
  readonly informationSchemaView?: string | null | undefined
}

/** `policy` with the given parts replaced; absent and null ones stay. */
export function changedPolicy(
  policy: Policy,
  changes: { readonly [P in NamePart]?: boolean | null | undefined },
): Policy {
  return {
    database: changes.database ?? policy.database,
    schema: changes.schema ?? policy.schema,
    identifier: changes.identifier ?? policy.identifier,
  }
}

export function sameRelation(a: RelationState, b: RelationState): boolean {
  return (
    NAME_PARTS.every((p) => a[p] === b[p] && a.include[p] === b.include[p] && a.quote[p] === b.quote[p]) &&
    a.type === b.type &&
    a.dbtCreated === b.dbtCreated &&
    a.limit === b.limit &&
    a.location === b.location &&
    a.catalog === b.catalog &&
    a.informationSchemaView === b.informationSchemaView &&
    a.eventTimeFilter?.fieldName === b.eventTimeFilter?.fieldName &&
    a.eventTimeFilter?.start === b.eventTimeFilter?.start &&
    a.eventTimeFilter?.end === b.eventTimeFilter?.end
  )
}

/** Name of the common table expression an ephemeral model becomes. */
export function ephemeralName(identifier: string): string {
  return `__dbt__cte__${identifier}`
}
