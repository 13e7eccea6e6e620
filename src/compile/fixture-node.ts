import { posix } from 'node:path'
import type { UnitTestNode } from '../context/index.js'
import type {
  CompiledNode,
  Json,
  ManifestNode,
  ModelNode,
  NodeConfig,
  SourceDefinition,
  UnitTestDefinition,
} from '../manifest/index.js'

/** Where a fixture's template finds its rows. */
const ROWS = 'fixture_rows'

/** The node a unit test runs as: the tested model's SQL under the test's own name. */
export function unitTestNode(test: UnitTestDefinition, tested: ModelNode): UnitTestNode {
  const name = tested.version === null ? test.name : `${test.name}_v${tested.version}`
  const asSql = test.expect.format === 'sql'
  return {
    ...emptyFields(),
    name,
    resource_type: 'unit_test',
    package_name: test.package_name,
    // dbt's pretended path: beside the file that the test stands in.
    path: posix.join(posix.dirname(test.original_file_path), `${name}.sql`),
    original_file_path: test.original_file_path,
    unique_id: test.unique_id,
    fqn: test.unique_id.split('.'),
    database: tested.database,
    schema: tested.schema,
    alias: name,
    config: {
      ...emptyConfig('unit'),
      expected_rows: asSql ? [] : structuredClone(test.expect.rows as { [key: string]: Json }[]),
      expected_sql: asSql ? String(test.expect.rows) : null,
    },
    created_at: test.created_at,
    raw_code: tested.raw_code,
    language: tested.language,
    tested_node_unique_id: tested.unique_id,
    this_input_node_unique_id: null,
    overrides: test.overrides,
  }
}

/**
 * An ephemeral model that gives a fixture's rows and stands where the input stood: same name, version and relation,
 * since its columns are looked up there.
 */
export function fixtureNode(
  test: UnitTestNode,
  input: ManifestNode | SourceDefinition,
  rows: Json,
  format: 'dict' | 'csv' | 'sql',
): ModelNode {
  const isSource = input.resource_type === 'source'
  const version = input.resource_type === 'model' ? input.version : null
  const id = isSource
    ? `${input.source_name}__${input.name}`
    : version === null
      ? input.name
      : `${input.name}.v${version}`
  return {
    ...emptyFields(),
    name: input.name,
    resource_type: 'model',
    package_name: input.package_name,
    path: `${input.name}.sql`,
    original_file_path: test.original_file_path,
    unique_id: `model.${input.package_name}.${id}`,
    fqn: input.fqn,
    database: input.database,
    schema: input.schema,
    alias: isSource ? input.identifier : input.alias,
    config: { ...emptyConfig('ephemeral'), [ROWS]: format === 'sql' ? null : rows },
    created_at: test.created_at,
    raw_code: format === 'sql' ? String(rows) : `{{ get_fixture_sql(config.get('${ROWS}'), none) }}`,
    language: 'sql',
    access: 'protected',
    constraints: [],
    version,
    latest_version: input.resource_type === 'model' ? input.latest_version : null,
    deprecation_date: null,
    primary_key: [],
    time_spine: null,
    defer_relation: 'defer_relation' in input ? (input.defer_relation ?? null) : null,
  }
}

function emptyConfig(materialized: string): NodeConfig {
  return {
    enabled: true,
    tags: [],
    meta: {},
    materialized,
    quoting: {},
    column_types: {},
    'pre-hook': [],
    'post-hook': [],
  }
}

type EmptyField =
  | ('checksum' | 'tags' | 'description' | 'columns' | 'meta' | 'group' | 'docs' | 'patch_path' | 'build_path')
  | ('unrendered_config' | 'relation_name' | 'doc_blocks' | 'refs' | 'sources' | 'metrics' | 'functions')
  | ('depends_on' | 'compiled_path' | 'contract')

function emptyFields(): Pick<CompiledNode, EmptyField> {
  return {
    checksum: { name: 'none', checksum: '' },
    tags: [],
    description: '',
    columns: {},
    meta: {},
    group: null,
    docs: { show: true, node_color: null },
    patch_path: null,
    build_path: null,
    unrendered_config: {},
    relation_name: null,
    doc_blocks: [],
    refs: [],
    sources: [],
    metrics: [],
    functions: [],
    depends_on: { macros: [], nodes: [] },
    compiled_path: null,
    contract: { enforced: false, alias_types: true, checksum: null },
  }
}
