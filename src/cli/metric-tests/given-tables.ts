import type { Json } from '../../manifest/index.js'
import type { SemanticManifest } from '../../semantic/index.js'
import type { GivenRows } from './metric-test.js'

/** A table of a test's database. */
export interface TestTable {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly (string | null)[])[]
}

/**
 * The table of given rows, with the columns that the question reads besides them, without values.
 * @param needed names of columns that must be there
 */
export function givenTable(given: GivenRows, needed: readonly string[], typeOf: (column: string) => string): TestTable {
  const named = [...new Set(given.rows.flatMap((row) => Object.keys(row)))]
  const names = [...named, ...needed.filter((name) => !named.some((each) => sameName(each, name)))]
  const columns = names.map((name) => {
    const declared = Object.entries(given.types).find(([each]) => sameName(each, name))?.[1]
    const values = given.rows.map((row) => row[name] ?? null).filter((value) => value !== null)
    return { name, type: declared ?? (values.length === 0 ? typeOf(name) : typeOfValues(values)) }
  })
  return { columns, rows: given.rows.map((row) => columns.map(({ name }) => cellOf(row[name] ?? null))) }
}

/** One row for each period of the grain, from the first day that the given rows name to the last. */
export function spineRows(grain: string, given: readonly GivenRows[]): string {
  const days = given
    .flatMap(({ rows }) => rows.flatMap((row) => Object.values(row)))
    .flatMap((value) => (typeof value === 'string' && DAY.test(value) ? value.slice(0, 10) : []))
    .sort()
  const [first = '2000-01-01', last = '2000-01-01'] = [days[0], days.at(-1)]
  return `range(timestamp '${first}', timestamp '${last}' + interval 1 day, interval 1 ${grain})`
}

const DAY = /^\d{4}-\d\d-\d\d/

function typeOfValues(values: readonly Json[]): string {
  const all = (is: (value: Json) => boolean) => values.every(is)
  if (all((value) => typeof value === 'boolean')) return 'boolean'
  if (all((value) => typeof value === 'number' && Number.isInteger(value))) return 'bigint'
  if (all((value) => typeof value === 'number')) return 'double'
  if (all((value) => typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value))) return 'date'
  if (all((value) => typeof value === 'string' && /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(value))) {
    return 'timestamp'
  }
  return 'varchar'
}

function cellOf(value: Json): string | null {
  if (value === null) return null
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** What a column without values must be for the expressions of its semantic model to make sense. */
export function columnTypes(manifest: SemanticManifest, relation: string): (column: string) => string {
  const models = manifest.semantic_models.filter((model) => model.node_relation.relation_name === relation)
  const reads = (element: { readonly name: string; readonly expr?: string | null }, column: string) =>
    sameName(element.expr ?? element.name, column)
  return (column) => {
    const dimension = models.flatMap((model) => model.dimensions).find((each) => reads(each, column))
    if (dimension?.type === 'time') return 'timestamp'
    if (dimension !== undefined) return 'varchar'
    const entity = models.flatMap((model) => model.entities).find((each) => reads(each, column))
    return entity === undefined ? 'double' : 'varchar'
  }
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
