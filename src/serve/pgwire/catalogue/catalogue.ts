import type { Field } from '../protocol/backend.js'
import type { ServedRelations } from '../relations/served.js'

/** A statement about the catalogue, as a client sent it. */
export interface CatalogueRequest {
  readonly text: string
  readonly parameterTypes: readonly number[]
  readonly parameterFormats: readonly number[]
  readonly values: readonly (Buffer | null)[]
  readonly resultFormats: readonly number[]
  /** Only columns and parameters are wanted, nothing is run. */
  readonly describeOnly: boolean
  readonly view: CatalogueView
  readonly signal: AbortSignal
  /** Milliseconds; 0 for the catalogue's own limit. */
  readonly timeout: number
}

/** Whose catalogue is asked: what is seen, and the settings that change answers. */
export interface CatalogueView {
  readonly user: string
  readonly searchPath: string
  readonly served: ServedRelations
}

export interface CatalogueReply {
  readonly fields: readonly Field[]
  readonly parameterTypes: readonly number[]
  /** Bodies of DataRow messages: the number of fields, and each field with its length. */
  readonly rows: readonly Buffer[]
  readonly tag: string
}

/** Answers what clients ask of `pg_catalog` and `information_schema`. It holds names and types, never data. */
export interface Catalogue {
  /** @throws WireError as PostgreSQL reports it. */
  ask(request: CatalogueRequest): Promise<CatalogueReply>
  /** Gets ready, without anybody waiting for it. */
  warm(): void
  close(): Promise<void>
}
