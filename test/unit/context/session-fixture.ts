import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import type { Adapter } from '../../../src/adapters/adapter.js'
import duckdb from '../../../src/adapters/duckdb/index.js'
import { MacroRegistry, type SessionOptions, TemplateSession } from '../../../src/context/index.js'
import type { PlumbEvent } from '../../../src/core/event.js'
import { createFlags, type Flags } from '../../../src/core/flags.js'
import { createInvocation } from '../../../src/core/invocation.js'
import { extractBlocks, type SourceOrigin } from '../../../src/jinja/index.js'
import type {
  GenericTestNode,
  MacroNode,
  Manifest,
  ManifestNode,
  ModelNode,
  NodeConfig,
  SeedNode,
  SourceDefinition,
} from '../../../src/manifest/index.js'
import { loadProject, type Project } from '../../../src/project/index.js'

const SRC = join(import.meta.dirname, '../../../src')

/** The built-in macro packages as they lie in the source tree. */
export const BUILTIN_PACKAGES: readonly { name: string; root: string }[] = [
  { name: 'dbt_duckdb', root: join(SRC, 'adapters/duckdb/macros') },
  { name: 'dbt', root: join(SRC, 'macros') },
]

export interface FixtureOptions {
  /** Macro files of the root project: name -> text. */
  readonly macros?: Readonly<Record<string, string>>
  /** Macros of other packages: package -> text. */
  readonly packageMacros?: Readonly<Record<string, string>>
  readonly nodes?: readonly ManifestNode[]
  readonly sources?: readonly SourceDefinition[]
  readonly flags?: Partial<Flags>
  readonly projectYaml?: string
  readonly cliVars?: SessionOptions['project']['cliVars']
  readonly env?: Readonly<Record<string, string>>
  /** Files of the project: path -> text. */
  readonly files?: Readonly<Record<string, string>>
  readonly selected?: readonly string[]
  /** Leave the built-in macros out: faster, for what does not need them. */
  readonly bare?: boolean
}

export interface Fixture {
  readonly session: TemplateSession
  readonly project: Project
  readonly dir: string
  readonly events: PlumbEvent[]
  readonly adapter: Adapter
  /** A session on the live warehouse. */
  connected(changes?: Partial<SessionOptions>): TemplateSession
  close(): Promise<void>
}

/** A project in a directory of its own, on a DuckDB in memory. */
export async function fixture(options: FixtureOptions = {}): Promise<Fixture> {
  const dir = mkdtempSync(join(tmpdir(), 'plumb-context-'))
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
  write('dbt_project.yml', `name: shop\nversion: '1.0'\nprofile: shop\n${options.projectYaml ?? ''}`)
  write(
    'profiles.yml',
    'shop:\n  target: dev\n  outputs:\n    dev:\n      type: duckdb\n      path: ":memory:"\n      threads: 4\n',
  )
  for (const [path, text] of Object.entries(options.files ?? {})) write(path, text)
  const events: PlumbEvent[] = []
  const invocation = createInvocation({
    emit: (event) => events.push(event),
    env: { ...process.env, ...options.env },
    startedAt: new Date('2024-03-10T12:30:00.000Z'),
    id: '00000000-0000-0000-0000-000000000001',
  })
  const project = await loadProject(invocation, {
    projectDir: dir,
    profilesDir: dir,
    cliVars: options.cliVars ?? {},
    needProfile: true,
    builtinMacros: () => BUILTIN_PACKAGES,
  })
  const packages = Object.keys(options.packageMacros ?? {})
  const macros = new MacroRegistry([], {
    rootPackage: 'shop',
    builtinPackages: ['dbt_duckdb', 'dbt'],
    adapterTypes: ['duckdb'],
    dispatch: project.root.config.dispatch,
    packages: new Set(['shop', 'dbt', 'dbt_duckdb', ...packages]),
    explicitMaterializationOverrides: true,
  })
  if (options.bare !== true) for (const { name, root } of BUILTIN_PACKAGES) addFolder(macros, name, root, root)
  for (const [name, text] of Object.entries(options.packageMacros ?? {})) {
    addMacros(macros, name, `macros/${name}.sql`, text)
  }
  for (const [name, text] of Object.entries(options.macros ?? {})) addMacros(macros, 'shop', `macros/${name}.sql`, text)
  const manifest = manifestOf(options.nodes ?? [], options.sources ?? [])
  const common: SessionOptions = {
    invocation,
    project,
    flags: createFlags(options.flags),
    manifest,
    macros,
    plugin: duckdb,
    selectedResources: options.selected ?? [],
  }
  const session = new TemplateSession(common)
  const adapter = await duckdb.open(session.credentials, {
    projectRoot: dir,
    threads: 4,
    signal: invocation.signal,
    env: invocation.env,
  })
  return {
    session,
    project,
    dir,
    events,
    adapter,
    connected: (changes = {}) => new TemplateSession({ ...common, adapter, ...changes }),
    close: async () => {
      await adapter.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

function addFolder(registry: MacroRegistry, packageName: string, root: string, folder: string): void {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) addFolder(registry, packageName, root, path)
    else if (name.endsWith('.sql')) addMacros(registry, packageName, relative(root, path), readFileSync(path, 'utf8'))
  }
}

function addMacros(registry: MacroRegistry, packageName: string, file: string, text: string): void {
  const kinds = new Set(['macro', 'materialization', 'test', 'data_test'] as const)
  for (const block of extractBlocks(text, { file, kinds })) {
    registry.add(macroNode(packageName, file, block.macroName, block.fullSource), originOf(text, block.fullSource))
  }
}

function originOf(text: string, part: string): SourceOrigin {
  const offset = text.indexOf(part)
  const before = text.slice(0, offset)
  return {
    offset,
    line: before.split('\n').length,
    column: offset - before.lastIndexOf('\n'),
  }
}

export function macroNode(packageName: string, file: string, name: string, sql: string): MacroNode {
  return {
    name,
    resource_type: 'macro',
    package_name: packageName,
    path: file,
    original_file_path: file,
    unique_id: `macro.${packageName}.${name}`,
    macro_sql: sql,
    depends_on: { macros: [] },
    description: '',
    meta: {},
    docs: { show: true, node_color: null },
    config: { meta: {}, docs: { show: true, node_color: null } },
    patch_path: null,
    arguments: [],
    created_at: 0,
    supported_languages: null,
  }
}

const CONFIG: NodeConfig = {
  enabled: true,
  alias: null,
  schema: null,
  database: null,
  tags: [],
  meta: {},
  group: null,
  materialized: 'view',
  incremental_strategy: null,
  persist_docs: {},
  'post-hook': [],
  'pre-hook': [],
  quoting: {},
  column_types: {},
  full_refresh: null,
  unique_key: null,
  on_schema_change: 'ignore',
  grants: {},
  packages: [],
  docs: { show: true, node_color: null },
  contract: { enforced: false, alias_types: true },
  event_time: null,
  access: 'protected',
}

const COMMON = {
  tags: [],
  description: '',
  columns: {},
  meta: {},
  group: null,
  docs: { show: true, node_color: null },
  patch_path: null,
  build_path: null,
  unrendered_config: {},
  created_at: 0,
  relation_name: null,
  doc_blocks: [],
  checksum: { name: 'none' as const, checksum: '' },
}

const COMPILED = {
  language: 'sql',
  refs: [],
  sources: [],
  metrics: [],
  functions: [],
  compiled_path: null,
  contract: { enforced: false, alias_types: true, checksum: null },
}

/** A model of the package `shop`; `dependsOn` are ids it may reference at run. */
export function model(
  name: string,
  sql: string,
  changes: Partial<Omit<ModelNode, 'config'>> & { config?: Partial<NodeConfig>; dependsOn?: readonly string[] } = {},
): ModelNode {
  const { config, dependsOn = [], ...rest } = changes
  const packageName = rest.package_name ?? 'shop'
  return {
    ...structuredClone(COMMON),
    ...structuredClone(COMPILED),
    name,
    resource_type: 'model',
    package_name: packageName,
    path: `${name}.sql`,
    original_file_path: `models/${name}.sql`,
    unique_id: `model.${packageName}.${name}`,
    fqn: [packageName, name],
    database: 'memory',
    schema: 'main',
    alias: name,
    config: { ...structuredClone(CONFIG), ...config },
    raw_code: sql,
    depends_on: { macros: [], nodes: [...dependsOn] },
    access: 'protected',
    constraints: [],
    version: null,
    latest_version: null,
    deprecation_date: null,
    primary_key: [],
    time_spine: null,
    ...rest,
  }
}

export function seed(name: string, file = `seeds/${name}.csv`, config: Partial<NodeConfig> = {}): SeedNode {
  return {
    ...structuredClone(COMMON),
    name,
    resource_type: 'seed',
    package_name: 'shop',
    path: `${name}.csv`,
    original_file_path: file,
    unique_id: `seed.shop.${name}`,
    fqn: ['shop', name],
    database: 'memory',
    schema: 'main',
    alias: name,
    config: { ...structuredClone(CONFIG), materialized: 'seed', delimiter: ',', ...config },
    raw_code: '',
    root_path: null,
    depends_on: { macros: [] },
  }
}

export function genericTest(
  name: string,
  macro: string,
  kwargs: GenericTestNode['test_metadata']['kwargs'],
  dependsOn: readonly string[],
): GenericTestNode {
  return {
    ...structuredClone(COMMON),
    ...structuredClone(COMPILED),
    name,
    resource_type: 'test',
    package_name: 'shop',
    path: `${name}.sql`,
    original_file_path: 'models/schema.yml',
    unique_id: `test.shop.${name}.0`,
    fqn: ['shop', name],
    database: 'memory',
    schema: 'main_dbt_test__audit',
    alias: name,
    config: { ...structuredClone(CONFIG), materialized: 'test' },
    raw_code: `{{ test_${macro}(**_dbt_generic_test_kwargs) }}`,
    depends_on: { macros: [], nodes: [...dependsOn] },
    test_metadata: { name: macro, kwargs, namespace: null },
    column_name: null,
    file_key_name: 'models.a',
    attached_node: null,
  }
}

export function source(sourceName: string, name: string, changes: Partial<SourceDefinition> = {}): SourceDefinition {
  return {
    name,
    resource_type: 'source',
    package_name: 'shop',
    path: 'models/sources.yml',
    original_file_path: 'models/sources.yml',
    unique_id: `source.shop.${sourceName}.${name}`,
    fqn: ['shop', sourceName, name],
    database: 'memory',
    schema: 'raw',
    source_name: sourceName,
    source_description: '',
    loader: '',
    identifier: name,
    quoting: { database: null, schema: null, identifier: null, column: null },
    loaded_at_field: null,
    loaded_at_query: null,
    freshness: null,
    external: null,
    description: '',
    columns: {},
    meta: {},
    source_meta: {},
    tags: [],
    config: {
      enabled: true,
      event_time: null,
      freshness: null,
      loaded_at_field: null,
      loaded_at_query: null,
      meta: {},
      tags: [],
    },
    patch_path: null,
    unrendered_config: {},
    relation_name: null,
    created_at: 0,
    unrendered_database: null,
    unrendered_schema: null,
    doc_blocks: [],
    ...changes,
  }
}

export function manifestOf(nodes: readonly ManifestNode[], sources: readonly SourceDefinition[]): Manifest {
  return {
    metadata: {
      dbt_schema_version: '',
      dbt_version: '',
      generated_at: '',
      invocation_id: '',
      invocation_started_at: '',
      env: {},
      project_name: 'shop',
      project_id: '',
      user_id: null,
      send_anonymous_usage_stats: false,
      adapter_type: 'duckdb',
      quoting: { database: true, schema: true, identifier: true, column: null },
      run_started_at: '',
    },
    nodes: Object.fromEntries(nodes.map((n) => [n.unique_id, n])),
    sources: Object.fromEntries(sources.map((s) => [s.unique_id, s])),
    macros: {},
    docs: {},
    exposures: {},
    metrics: {},
    groups: {},
    selectors: {},
    disabled: {},
    parent_map: {},
    child_map: {},
    group_map: {},
    saved_queries: {},
    semantic_models: {},
    unit_tests: {},
    functions: {},
  }
}
