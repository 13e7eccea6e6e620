import type { UniqueId } from '../../manifest/index.js'
import type { ColumnUse, SchemaColumn, StatementLineage, UsedColumn } from '../../sql/analyze/index.js'

/** A dataset by OpenLineage's naming rules. */
export interface DatasetName {
  readonly namespace: string
  readonly name: string
}

export type Facet = Readonly<Record<string, unknown>>

const SPEC = 'https://openlineage.io/spec/facets'

/** Facets of the official integration, whose schemas live beside it. */
const OF_DBT = 'https://github.com/OpenLineage/OpenLineage/tree/main/integration/common/openlineage/schema'

/** Makes facets that say who made them. */
export function facetMaker(producer: string) {
  const facet = (schema: string, name: string, fields: Facet): Facet => ({
    _producer: producer,
    _schemaURL: `${SPEC}/${schema}/${name}.json#/$defs/${name}`,
    ...fields,
  })
  const ofDbt = (schema: string, fields: Facet): Facet => ({
    _producer: producer,
    _schemaURL: `${OF_DBT}/${schema}.json`,
    ...fields,
  })
  return {
    dbtVersion: (version: string) => ofDbt('dbt-version-run-facet', { version }),
    dbtRun: (run: DbtRun) =>
      ofDbt('dbt-run-run-facet', {
        invocation_id: run.invocationId,
        project_name: run.projectName,
        ...(run.projectVersion !== null && { project_version: run.projectVersion }),
        ...(run.profileName !== null && { profile_name: run.profileName }),
      }),
    dbtNode: (fields: Facet) => ofDbt('dbt-node-job-facet', fields),
    dbtModel: (config: Facet) => ofDbt('dbt-model-dataset-facet', { config }),
    parent: (run: string, job: DatasetName, root?: { readonly run: string; readonly job: DatasetName }) =>
      facet('1-2-0', 'ParentRunFacet', {
        run: { runId: run },
        job,
        ...(root && { root: { run: { runId: root.run }, job: root.job } }),
      }),
    engine: (version: string, warehouse: string) =>
      facet('1-1-1', 'ProcessingEngineRunFacet', { version, name: `plumbline (${warehouse})` }),
    error: (message: string) => facet('1-0-1', 'ErrorMessageRunFacet', { message, programmingLanguage: 'SQL' }),
    jobType: (jobType: string) =>
      facet('2-0-4', 'JobTypeJobFacet', { processingType: 'BATCH', integration: 'DBT', jobType }),
    sql: (query: string, dialect: string) => facet('1-1-0', 'SQLJobFacet', { query, dialect }),
    documentation: (description: string) => facet('1-1-0', 'DocumentationDatasetFacet', { description }),
    jobDocumentation: (description: string) => facet('1-1-0', 'DocumentationJobFacet', { description }),
    tags: (tags: readonly { readonly tag: string; readonly field?: string }[]) =>
      facet('1-0-0', 'TagsDatasetFacet', {
        tags: tags.map(({ tag, field }) => ({ key: tag, value: 'true', source: 'DBT', ...(field && { field }) })),
      }),
    dataSource: (namespace: string) => facet('1-0-1', 'DatasourceDatasetFacet', { name: namespace, uri: namespace }),
    schema: (columns: readonly SchemaColumn[], description: (name: string) => string) =>
      facet('1-2-0', 'SchemaDatasetFacet', {
        fields: columns.map(({ name, type }, i) => ({
          name,
          ordinal_position: i + 1,
          ...(type && { type }),
          ...(description(name) && { description: description(name) }),
        })),
      }),
    rows: (rowCount: number) => facet('1-0-2', 'OutputStatisticsOutputDatasetFacet', { rowCount }),
    assertions: (assertions: readonly Assertion[]) =>
      facet('1-1-0', 'DataQualityAssertionsDatasetFacet', { assertions }),
    columnLineage: (lineage: StatementLineage, dataset: (table: UniqueId) => DatasetName) =>
      facet('1-2-0', 'ColumnLineageDatasetFacet', columnLineage(lineage, dataset)),
  }
}

export type Facets = ReturnType<typeof facetMaker>

/** The invocation, as dbt's users know it. */
export interface DbtRun {
  readonly invocationId: string
  readonly projectName: string
  readonly projectVersion: string | null
  readonly profileName: string | null
}

export interface Assertion {
  readonly assertion: string
  /** Of the test, where `assertion` says of which kind it is. */
  readonly name?: string
  readonly success: boolean
  readonly column?: string
  readonly severity?: string
}

/** OpenLineage's names for how a column is used; what decides rows is `INDIRECT`. */
const TRANSFORMATIONS: Readonly<Record<ColumnUse, { readonly type: string; readonly subtype: string }>> = {
  copied: { type: 'DIRECT', subtype: 'IDENTITY' },
  renamed: { type: 'DIRECT', subtype: 'IDENTITY' },
  computed: { type: 'DIRECT', subtype: 'TRANSFORMATION' },
  aggregated: { type: 'DIRECT', subtype: 'AGGREGATION' },
  filtered: { type: 'INDIRECT', subtype: 'FILTER' },
  joined: { type: 'INDIRECT', subtype: 'JOIN' },
  grouped: { type: 'INDIRECT', subtype: 'GROUP_BY' },
  ordered: { type: 'INDIRECT', subtype: 'SORT' },
  partitioned: { type: 'INDIRECT', subtype: 'WINDOW' },
}

function columnLineage({ columns, rows }: StatementLineage, dataset: (table: UniqueId) => DatasetName): Facet {
  const fields: Record<string, { inputFields: unknown[] }> = {}
  for (const { name, sources } of columns) {
    if (name !== null && sources.length > 0) fields[name] = { inputFields: inputFields(sources, dataset) }
  }
  return { fields, ...(rows.length > 0 && { dataset: inputFields(rows, dataset) }) }
}

/** One entry for each column, with all its uses. */
function inputFields(used: readonly UsedColumn[], dataset: (table: UniqueId) => DatasetName): unknown[] {
  const found = new Map<string, { uses: ColumnUse[]; first: UsedColumn }>()
  for (const each of used) {
    const key = `${each.table}\u0000${each.column}`
    const known = found.get(key)
    if (known === undefined) found.set(key, { uses: [each.use], first: each })
    else known.uses.push(each.use)
  }
  return [...found.values()].map(({ uses, first }) => ({
    ...dataset(first.table),
    field: first.column,
    transformations: uses.map((use) => ({ ...TRANSFORMATIONS[use], description: '', masking: false })),
  }))
}
