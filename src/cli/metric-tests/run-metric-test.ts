import type { QueryResult } from '../../adapters/adapter.js'
import { type Diagnostic, diagnostic, PlumbError } from '../../core/diagnostic.js'
import { didYouMean } from '../../core/did-you-mean.js'
import type { Json, Manifest } from '../../manifest/index.js'
import { type ScratchDatabase, withScratchDatabase } from '../../scratch-database.js'
import { createSemanticEngine, type QueryLineage, type SemanticManifest } from '../../semantic/index.js'
import { cellNumber, cellText } from '../answers/text.js'
import { columnTypes, givenTable, spineRows, type TestTable } from './given-tables.js'
import type { MetricTest } from './metric-test.js'

/** The project a test is about. */
export interface TestedProject {
  readonly manifest: Manifest
  readonly semantic: SemanticManifest
}

/** Runs a test in a database in memory. @returns what is wrong; nothing when it passes */
export async function runMetricTest(test: MetricTest, project: TestedProject): Promise<Diagnostic[]> {
  try {
    const semantic = inScratch(project.semantic)
    const engine = createSemanticEngine(semantic, { dialect: 'duckdb' })
    const compiled = engine.compile({ ...test.query, trusted: true })
    const given = new Map(test.given.map((each, index) => [relationOf(test, index, project.manifest), each]))
    return await withScratchDatabase(async (database) => {
      for (const table of compiled.lineage().tables) {
        const rows = given.get(table.relation)
        const types = columnTypes(semantic, table.relation)
        const spine = semantic.project_configuration.time_spines.find(
          (each) => each.node_relation.relation_name === table.relation,
        )
        if (rows === undefined && spine !== undefined) await makeSpine(database, table, spine, test)
        else await makeTable(database, table.relation, givenTable(rows ?? NOTHING, table.columns, types))
      }
      return differences(test, await database.run(compiled.sql))
    })
  } catch (error) {
    if (!(error instanceof PlumbError)) throw error
    const place = error.diagnostics.some(({ kind }) => kind === 'semantic') ? ['query'] : []
    return error.diagnostics.map((each) => ({ ...each, at: each.at?.file === test.file ? each.at : test.at(place) }))
  }
}

const NOTHING = { input: '', rows: [], types: {} }

/** The manifest with its tables named as the test's database quotes names. */
function inScratch(manifest: SemanticManifest): SemanticManifest {
  const rename = <T extends { readonly node_relation: SemanticManifest['semantic_models'][number]['node_relation'] }>(
    each: T,
  ): T => ({ ...each, node_relation: { ...each.node_relation, relation_name: scratchName(each.node_relation) } })
  return {
    ...manifest,
    semantic_models: manifest.semantic_models.map(rename),
    project_configuration: {
      ...manifest.project_configuration,
      time_spine_table_configurations: [],
      time_spines: [
        ...manifest.project_configuration.time_spines,
        ...manifest.project_configuration.time_spine_table_configurations.map(namedSpine),
      ].map(rename),
    },
  }
}

/** The old way to have a time spine, written as the new one is. */
function namedSpine({
  location,
  column_name: name,
  grain,
}: SemanticManifest['project_configuration']['time_spine_table_configurations'][number]) {
  const [alias = '', schema = ''] = location
    .split('.')
    .map((part) => part.replace(/^["'`]|["'`]$/g, ''))
    .reverse()
  return {
    node_relation: { alias, schema_name: schema, relation_name: location },
    primary_column: { name, time_granularity: grain },
    custom_granularities: [],
  }
}

function scratchName({ schema_name, alias }: { readonly schema_name: string; readonly alias: string }): string {
  return `"${schema_name}"."${alias}"`
}

/** The table that given rows are for. @throws PlumbError where there is no such model */
function relationOf(test: MetricTest, index: number, manifest: Manifest): string {
  const { input } = test.given[index]!
  const tables = [
    ...Object.values(manifest.nodes).flatMap((node) =>
      node.resource_type === 'model' || node.resource_type === 'seed' || node.resource_type === 'snapshot'
        ? [{ name: node.name, schema_name: node.schema, alias: node.alias }]
        : [],
    ),
    ...Object.values(manifest.sources).map((node) => ({
      name: `${node.source_name}.${node.name}`,
      schema_name: node.schema,
      alias: node.identifier,
    })),
  ]
  const found = tables.find(({ name }) => name === input)
  if (found === undefined) {
    const hint = didYouMean(
      input,
      tables.map(({ name }) => name),
    )
    const message = `There is no model '${input}' to give rows to.`
    throw new PlumbError(
      diagnostic('parsing', 'metric-test-input', message, { at: test.at(['given', index, 'input']), hint }),
    )
  }
  return scratchName(found)
}

async function makeTable(database: ScratchDatabase, relation: string, { columns, rows }: TestTable): Promise<void> {
  await database.run(`create schema if not exists ${relation.slice(0, relation.indexOf('".') + 1)}`)
  const definition = columns.map(({ name, type }) => `${database.quote(name)} ${type}`)
  await database.run(
    `create table ${relation} (${definition.length === 0 ? 'nothing integer' : definition.join(', ')})`,
  )
  const values = rows.map((row) => {
    const cells = row.map((cell, at) =>
      cell === null ? 'null' : `cast(${database.literal(cell)} as ${columns[at]!.type})`,
    )
    return `(${cells.join(', ')})`
  })
  if (values.length > 0) await database.run(`insert into ${relation} values ${values.join(',\n')}`)
}

async function makeSpine(
  database: ScratchDatabase,
  { relation }: QueryLineage['tables'][number],
  { primary_column: column }: SemanticManifest['project_configuration']['time_spines'][number],
  test: MetricTest,
): Promise<void> {
  await database.run(`create schema if not exists ${relation.slice(0, relation.indexOf('".') + 1)}`)
  const rows = spineRows(column.time_granularity, test.given)
  await database.run(`create table ${relation} as select unnest(${rows}) as ${database.quote(column.name)}`)
}

/** How the answer differs from what is expected, with the place of the row that is not as it should be. */
function differences(test: MetricTest, result: QueryResult): Diagnostic[] {
  const names = [...new Set(test.expect.flatMap((row) => Object.keys(row)))]
  const missing = names.filter((name) => !result.columns.some((column) => column.name === name))
  if (missing.length > 0) {
    const have = result.columns.map((column) => column.name)
    const message = `The answer has no column ${missing.join(', ')}: it has ${have.join(', ')}.`
    return [fault(test, 'metric-test-columns', message, ['expect'], didYouMean(missing[0]!, have))]
  }
  const columns = names.map((name) => result.data[result.columns.findIndex((column) => column.name === name)]!)
  const actual = Array.from({ length: result.rowCount }, (_, row) => columns.map((cells) => plain(cells[row]!)))
  const left = [...actual]
  const unmet = test.expect.flatMap((row, index) => {
    const wanted = names.map((name) => (name in row ? plainExpected(row[name] ?? null) : undefined))
    const found = left.findIndex((cells) =>
      cells.every((cell, at) => wanted[at] === undefined || same(cell, wanted[at])),
    )
    if (found === -1) return [{ index, wanted }]
    left.splice(found, 1)
    return []
  })
  if (unmet.length === 0 && left.length === 0) return []
  const show = (cells: readonly (Plain | undefined)[]) =>
    names.flatMap((name, at) => (cells[at] === undefined ? [] : `${name}: ${cells[at]}`)).join(', ')
  const came = left.length === 0 ? 'no other rows came' : `came: ${left.map((row) => `{${show(row)}}`).join(' ')}`
  if (unmet.length === 0) {
    return [fault(test, 'metric-test-failed', `Rows came that are not expected: ${came.slice(6)}`, ['expect'])]
  }
  return unmet.map(({ index, wanted }) =>
    fault(test, 'metric-test-failed', `Expected {${show(wanted)}}; ${came}`, ['expect', 'rows', index]),
  )
}

type Plain = string | number | boolean | null

function plain(cell: Parameters<typeof cellText>[0]): Plain {
  if (cell === null || typeof cell === 'boolean') return cell
  return cellNumber(cell) ?? cellText(cell).replace(/[T ]00:00:00(\.0+)?$/, '')
}

function plainExpected(value: Json): Plain {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value
  return String(value)
    .replace('T', ' ')
    .replace(/ 00:00:00(\.0+)?$/, '')
}

/** Numbers are the same to nine digits: floats are not exact. */
function same(a: Plain, b: Plain): boolean {
  if (typeof a === 'number' && typeof b === 'number')
    return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b))
  return a === b || (a !== null && b !== null && String(a) === String(b))
}

function fault(
  test: MetricTest,
  code: string,
  message: string,
  place: readonly (string | number)[],
  hint?: string,
): Diagnostic {
  return diagnostic('semantic', code, message, { at: test.at(place), ...(hint === undefined ? {} : { hint }) })
}
