import { dependenciesOf } from '../../graph/index.js'
import { findResource, type GraphNode, type Manifest, type TestNode, type UniqueId } from '../../manifest/index.js'
import type { SchemaColumn, StatementLineage } from '../../sql/analyze/index.js'
import { tableName } from '../statements.js'
import { declaredColumns } from '../table-lineage.js'
import { type Assertion, type DatasetName, type DbtRun, type Facet, facetMaker } from './facets.js'

/** One event of OpenLineage, ready to be sent. */
export type LineageEvent = Readonly<Record<string, unknown>>

export interface EventSource {
  readonly manifest: Manifest
  /** The command: `build`, `run`, `test` ... */
  readonly command: string
  /** `type` of the adapter, and how OpenLineage calls what it connects to. */
  readonly dialect: string
  readonly warehouse: string
  /** Where jobs live: `OPENLINEAGE_NAMESPACE`. */
  readonly jobNamespace: string
  readonly jobName: string
  /** Of the whole run: a UUID. */
  readonly runId: string
  readonly version: string
  readonly invocation: Omit<DbtRun, 'invocationId'>
  /** Who started the run: `OPENLINEAGE_PARENT_ID`, `OPENLINEAGE_ROOT_PARENT_ID`. */
  readonly startedBy?: RunRef | undefined
  readonly rootRun?: RunRef | undefined
  newId(): string
}

export interface RunRef {
  readonly job: DatasetName
  readonly run: string
}

/** How a node ended. */
export interface NodeEnd {
  readonly ok: boolean
  readonly status: string
  readonly message: string | null
  readonly rows?: number | undefined
}

/** What has become known of a node's tables since it began. */
export interface NodeColumns {
  readonly columns: ReadonlyMap<UniqueId, readonly SchemaColumn[]>
  readonly lineage?: StatementLineage | undefined
}

const PRODUCER = 'https://www.npmjs.com/package/plumbline'
const SCHEMA = 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent'

const TOLD: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot', 'test'])

/** Makes the events of one run: of the command as a whole, and of every node it builds or tests. */
export class RunEvents {
  readonly #source: EventSource
  readonly #facets
  readonly #runs = new Map<UniqueId, string>()

  constructor(source: EventSource) {
    this.#source = source
    this.#facets = facetMaker(PRODUCER)
  }

  /** Is the node one that events are told of? */
  concerns(id: UniqueId): boolean {
    const node = findResource(this.#source.manifest, id)
    return node !== undefined && TOLD.has(node.resource_type) && !isEphemeral(node)
  }

  command(type: 'START' | 'COMPLETE' | 'FAIL' | 'ABORT', at: string, message: string | null = null): LineageEvent {
    const { runId, jobName, startedBy, rootRun } = this.#source
    const facets = {
      ...(startedBy && { parent: this.#facets.parent(startedBy.run, startedBy.job, rootRun ?? startedBy) }),
      ...this.#engine(),
      ...(message !== null && { errorMessage: this.#facets.error(message) }),
    }
    return this.#event(type, at, runId, facets, jobName, { jobType: this.#facets.jobType('JOB') }, [], [])
  }

  nodeStart(id: UniqueId, at: string): LineageEvent {
    return this.#node('START', id, at, undefined, { columns: new Map() })
  }

  nodeEnd(id: UniqueId, at: string, end: NodeEnd, known: NodeColumns): LineageEvent {
    return this.#node(end.ok ? 'COMPLETE' : 'FAIL', id, at, end, known)
  }

  #node(type: string, id: UniqueId, at: string, end: NodeEnd | undefined, known: NodeColumns): LineageEvent {
    const { manifest } = this.#source
    const node = findResource(manifest, id)!
    const run = this.#runs.get(id) ?? this.#source.newId()
    this.#runs.set(id, run)
    const inputs = tablesBefore(manifest, node).flatMap((each) => this.#input(each, node, end, known.columns))
    const outputs = node.resource_type === 'test' || end?.ok === false ? [] : this.#output(node, end, known)
    const me = { namespace: this.#source.jobNamespace, name: this.#source.jobName }
    const top = this.#source.rootRun ?? this.#source.startedBy ?? { run: this.#source.runId, job: me }
    const facets = {
      parent: this.#facets.parent(this.#source.runId, me, top),
      ...this.#engine(),
      ...(end?.ok === false && { errorMessage: this.#facets.error(end.message ?? end.status) }),
    }
    return this.#event(type, at, run, facets, this.#jobName(node), this.#jobFacets(node), inputs, outputs)
  }

  #event(
    eventType: string,
    eventTime: string,
    runId: string,
    facets: Facet,
    name: string,
    jobFacets: Facet,
    inputs: readonly unknown[],
    outputs: readonly unknown[],
  ): LineageEvent {
    return {
      eventType,
      eventTime,
      producer: PRODUCER,
      schemaURL: SCHEMA,
      run: { runId, facets },
      job: { namespace: this.#source.jobNamespace, name, facets: jobFacets },
      inputs,
      outputs,
    }
  }

  #engine(): Facet {
    const { version, dialect, invocation, runId, manifest } = this.#source
    return {
      processing_engine: this.#facets.engine(version, dialect),
      dbt_version: this.#facets.dbtVersion(manifest.metadata.dbt_version),
      dbt_run: this.#facets.dbtRun({ ...invocation, invocationId: runId }),
    }
  }

  /** As the official integration names them, so that a project's jobs stay the same when the tool changes. */
  #jobName(node: GraphNode): string {
    const { command } = this.#source
    const id = node.unique_id
    if (node.resource_type === 'test') return id
    const place = 'database' in node && 'schema' in node ? [node.database, node.schema] : []
    const name = [...place, id.replace(/^(model|snapshot)\./, '')].filter(Boolean).join('.')
    const kind = node.resource_type === 'snapshot' ? '.snapshot' : node.resource_type === 'seed' ? '' : '.run'
    return command === 'build' ? `${name}.build${kind || '.seed'}` : kind === '.run' ? name : `${name}${kind}`
  }

  #jobFacets(node: GraphNode): Facet {
    const sql = 'compiled_code' in node && typeof node.compiled_code === 'string' ? node.compiled_code : undefined
    const description = 'description' in node ? node.description : undefined
    const { unique_id, original_file_path } = node
    const place = 'alias' in node ? { alias: node.alias, database: node.database, schema: node.schema } : {}
    return {
      jobType: this.#facets.jobType(node.resource_type.toUpperCase()),
      dbt_node: this.#facets.dbtNode({ ...place, original_file_path, unique_id }),
      ...(sql && { sql: this.#facets.sql(sql, this.#source.dialect) }),
      ...(description && { documentation: this.#facets.jobDocumentation(description) }),
    }
  }

  /** How OpenLineage calls a table: of the manifest by its id, else as it is written. */
  dataset(id: string): DatasetName {
    const resource = findResource(this.#source.manifest, id)
    const name = resource === undefined ? [id] : (tableName(resource) ?? [id])
    return { namespace: this.#source.warehouse, name: name.join('.') }
  }

  #input(
    id: UniqueId,
    reader: GraphNode,
    end: NodeEnd | undefined,
    columns: NodeColumns['columns'],
  ): readonly unknown[] {
    const resource = findResource(this.#source.manifest, id)
    if (resource === undefined) return []
    const assertions = end === undefined || reader.resource_type !== 'test' ? [] : assertionsOn(reader, id, end)
    const facet = this.#facets.assertions(assertions)
    return [
      {
        ...this.dataset(id),
        facets: this.#datasetFacets(resource, columns.get(id)),
        ...(assertions.length > 0 && { inputFacets: { dataQualityAssertions: facet } }),
      },
    ]
  }

  #output(node: GraphNode, end: NodeEnd | undefined, { columns, lineage }: NodeColumns): readonly unknown[] {
    const known = lineage?.level === 'column' ? lineage : undefined
    return [
      {
        ...this.dataset(node.unique_id),
        facets: {
          ...this.#datasetFacets(node, columns.get(node.unique_id)),
          ...(known && { columnLineage: this.#facets.columnLineage(known, (table) => this.dataset(table)) }),
        },
        ...(end?.rows !== undefined && { outputFacets: { outputStatistics: this.#facets.rows(end.rows) } }),
      },
    ]
  }

  #datasetFacets(resource: GraphNode, columns: readonly SchemaColumn[] | undefined): Facet {
    const declared = declaredColumns(resource)
    const described = new Map(declared.map(({ name, description }) => [name.toLowerCase(), description]))
    const listed = columns ?? declared
    const tags = [
      ...('tags' in resource ? (resource.tags ?? []).map((tag) => ({ tag })) : []),
      ...declared.flatMap(({ name, tags: own }) => own.map((tag) => ({ tag, field: name }))),
    ]
    return {
      dataSource: this.#facets.dataSource(this.#source.warehouse),
      ...(resource.resource_type === 'model' && {
        dbt_model: this.#facets.dbtModel({ access: resource.access, materialized: resource.config.materialized }),
      }),
      ...(listed.length > 0 && {
        schema: this.#facets.schema(listed, (name) => described.get(name.toLowerCase()) ?? ''),
      }),
      ...('description' in resource &&
        resource.description && { documentation: this.#facets.documentation(resource.description) }),
      ...(tags.length > 0 && { tags: this.#facets.tags(tags) }),
    }
  }
}

function isEphemeral(node: GraphNode): boolean {
  return node.resource_type === 'model' && node.config.materialized === 'ephemeral'
}

/** Tables that a node reads: ephemeral models stand for what they read themselves. */
function tablesBefore(manifest: Manifest, node: GraphNode): UniqueId[] {
  const found = new Set<UniqueId>()
  const seen = new Set<UniqueId>()
  const walk = (reader: GraphNode): void => {
    for (const id of dependenciesOf(reader)) {
      const parent = findResource(manifest, id)
      if (parent === undefined || seen.has(id)) continue
      seen.add(id)
      if (isEphemeral(parent)) walk(parent)
      else if (tableName(parent) !== undefined) found.add(id)
    }
  }
  walk(node)
  return [...found]
}

/** What a data test says of the table it is of; singular tests speak of all they read. */
function assertionsOn(test: TestNode, table: UniqueId, end: NodeEnd): Assertion[] {
  const generic = test.test_metadata === undefined ? undefined : test
  if (generic?.attached_node && generic.attached_node !== table) return []
  return [
    {
      assertion: generic?.test_metadata.name ?? test.name,
      ...(generic && { name: test.name }),
      success: end.status === 'pass',
      ...(generic?.column_name && { column: generic.column_name }),
      severity: String(test.config.severity ?? 'error').toLowerCase(),
    },
  ]
}
