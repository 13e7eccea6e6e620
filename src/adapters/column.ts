/** A column as the warehouse describes it; sizes as dbt's `api.Column` carries them. */
export interface ColumnDescription {
  readonly name: string
  /** The warehouse's name of the type, without size: `character varying`, `DECIMAL`. */
  readonly dataType: string
  readonly charSize: number | null
  readonly numericPrecision: number | null
  readonly numericScale: number | null
}
