import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  artifactMetadata,
  type ExecutedNode,
  manifestToDeferTo,
  openState,
  readCatalog,
  readManifest,
  readRunResults,
  readSources,
  runResultOutput,
  schemaUrl,
  semanticManifestOf,
  writeCatalog,
  writeFileAtomically,
  writeGraphSummary,
  writeManifest,
  writeRunResults,
  writeSemanticManifest,
  writeSources,
} from '../../../src/artifacts/index.js'
import { PlumbError } from '../../../src/core/diagnostic.js'
import { createInvocation } from '../../../src/core/invocation.js'
import type { GraphNode, Manifest, ModelNode } from '../../../src/manifest/index.js'
import { readFixtureManifest } from '../graph/selection-fixture.js'

const dir = mkdtempSync(join(tmpdir(), 'artifacts-'))
const at = (...parts: string[]): string => join(dir, ...parts)
const invocation = createInvocation({
  id: 'the-invocation',
  startedAt: new Date('2026-01-01T00:00:00Z'),
  now: () => new Date('2026-01-01T00:00:01.5Z'),
  env: { DBT_ENV_CUSTOM_ENV_JOB: '7', HOME: '/home' },
})

function codeOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof PlumbError) return error.first.code
    throw error
  }
  return 'nothing was thrown'
}

describe('manifest.json', () => {
  it('is written field for field and in the order of dbt', async () => {
    const manifest = readFixtureManifest()
    await writeManifest(at('manifest.json'), manifest)
    expect(JSON.stringify(JSON.parse(readFileSync(at('manifest.json'), 'utf8')))).toBe(JSON.stringify(manifest))
  })

  it('gets dbt’s order whatever the order in memory, and loses what artifacts do not have', async () => {
    const manifest = readFixtureManifest()
    const shuffled = structuredClone(manifest)
    for (const section of ['nodes', 'sources', 'metrics', 'unit_tests', 'functions', 'macros'] as const) {
      for (const [id, node] of Object.entries(shuffled[section])) {
        const reversed = Object.fromEntries(Object.entries(node).reverse())
        Object.assign(shuffled[section], { [id]: { ...reversed, defer_relation: {}, config_call_dict: {}, mine: 1 } })
      }
    }
    await writeManifest(at('shuffled.json'), shuffled)
    expect(JSON.stringify(JSON.parse(readFileSync(at('shuffled.json'), 'utf8')))).toBe(JSON.stringify(manifest))
  })

  it('has the compiled fields of compiled nodes only, where dbt has them', async () => {
    const manifest = readFixtureManifest()
    const model = manifest.nodes['model.shop.orders'] as ModelNode
    Object.assign(model, { compiled: true, compiled_code: 'select 1', extra_ctes_injected: true, extra_ctes: [] })
    Object.assign(manifest.nodes['model.shop.revenue']!, { compiled: false, compiled_code: null, extra_ctes: [] })
    await writeManifest(at('compiled.json'), manifest)
    const { nodes } = readManifest(at('compiled.json'))!
    const fields = Object.keys(nodes['model.shop.orders']!)
    expect(fields.slice(fields.indexOf('compiled_path'), fields.indexOf('contract'))).toEqual([
      'compiled_path',
      'compiled',
      'compiled_code',
      'extra_ctes_injected',
      'extra_ctes',
    ])
    expect(Object.keys(nodes['model.shop.revenue']!)).not.toContain('compiled')
    expect(Object.keys(nodes['model.shop.revenue']!)).not.toContain('extra_ctes')
  })

  it('keeps text of every script', async () => {
    const manifest = readFixtureManifest()
    manifest.nodes['model.shop.orders']!.description = '주문 "표" \u2028 😀 \\ \n'
    await writeManifest(at('text.json'), manifest)
    expect(readManifest(at('text.json'))!.nodes['model.shop.orders']!.description).toBe('주문 "표" \u2028 😀 \\ \n')
  })

  it('is absent without a file', () => expect(readManifest(at('no', 'manifest.json'))).toBeUndefined())

  it.each([
    ['no JSON', '{"metadata": {', 'artifact-not-readable'],
    ['a list', '[]', 'artifact-not-readable'],
    [
      'a newer schema',
      JSON.stringify({ metadata: { dbt_schema_version: schemaUrl('manifest', 13) } }),
      'incompatible-schema',
    ],
    [
      'an older schema',
      JSON.stringify({ metadata: { dbt_schema_version: schemaUrl('manifest', 3) } }),
      'incompatible-schema',
    ],
    [
      'another artifact',
      JSON.stringify({ metadata: { dbt_schema_version: schemaUrl('catalog') } }),
      'incompatible-schema',
    ],
  ])('is refused when it is %s', (_, text, code) => {
    writeFileSync(at('bad.json'), text)
    expect(codeOf(() => readManifest(at('bad.json')))).toBe(code)
  })

  it('says what to do with a schema it cannot read', () => {
    writeFileSync(at('new.json'), JSON.stringify({ metadata: { dbt_schema_version: schemaUrl('manifest', 13) } }))
    try {
      readManifest(at('new.json'))
      expect.unreachable()
    } catch (error) {
      const { message, hint } = (error as PlumbError).first
      expect(message).toContain(
        `but found "${schemaUrl('manifest', 13)}". Are you running with a different version of dbt?`,
      )
      expect(hint).toContain('comes from a newer tool')
    }
  })
})

describe('a manifest of an older dbt', () => {
  const old = (version: number, rest: object): Manifest => {
    writeFileSync(
      at('old.json'),
      JSON.stringify({ metadata: { dbt_schema_version: schemaUrl('manifest', version) }, ...rest }),
    )
    return readManifest(at('old.json'))!
  }

  it('v4: SQL, references and seeds get their present form', () => {
    const { nodes, docs, groups, semantic_models, disabled } = old(4, {
      nodes: {
        'model.a.b': {
          resource_type: 'model',
          raw_sql: 'select 1',
          compiled_sql: 'select 1;',
          refs: [['c'], ['pkg', 'd']],
          root_path: '/x',
        },
        'seed.a.s': {
          resource_type: 'seed',
          raw_sql: '',
          refs: [],
          compiled: true,
          root_path: '/x',
          depends_on: { macros: [], nodes: [] },
        },
      },
      docs: { 'a.d': { name: 'd', root_path: '/x' } },
      disabled: { 'model.a.z': [{ resource_type: 'model', raw_sql: 'z' }] },
    })
    expect(nodes['model.a.b']).toEqual({
      resource_type: 'model',
      raw_code: 'select 1',
      compiled_code: 'select 1;',
      language: 'sql',
      refs: [
        { name: 'c', package: null, version: null },
        { name: 'd', package: 'pkg', version: null },
      ],
    })
    expect(nodes['seed.a.s']).toEqual({
      resource_type: 'seed',
      raw_code: '',
      root_path: '/x',
      depends_on: { macros: [] },
    })
    expect(docs['a.d']).toEqual({ name: 'd', resource_type: 'doc' })
    expect(disabled['model.a.z']).toEqual([{ resource_type: 'model', raw_code: 'z', language: 'sql' }])
    expect([groups, semantic_models]).toEqual([{}, {}])
  })

  it('v9: metrics of that time are dropped', () => {
    const { metrics, disabled } = old(9, {
      metrics: { 'metric.a.m': { resource_type: 'metric' } },
      disabled: { 'metric.a.n': [{ resource_type: 'metric' }], 'model.a.b': [{ resource_type: 'model' }] },
    })
    expect(metrics).toEqual({})
    expect([disabled['metric.a.n'], disabled['model.a.b']]).toEqual([[], [{ resource_type: 'model', language: 'sql' }]])
  })

  it('v10: filters become lists', () => {
    const filter = { where_sql_template: 'x' }
    const { metrics } = old(10, {
      metrics: { m: { filter, type_params: { measure: { filter }, input_measures: [{ filter: null }, { filter }] } } },
    })
    const wrapped = { where_filters: [filter] }
    expect(metrics['m']).toEqual({
      filter: wrapped,
      type_params: { measure: { filter: wrapped }, input_measures: [{ filter: null }, { filter: wrapped }] },
    })
  })
})

describe('run_results.json', () => {
  const manifest = readFixtureManifest()
  const executed = (node: GraphNode, rest: Partial<ExecutedNode> = {}): ExecutedNode => ({
    node,
    status: 'success',
    timing: [{ name: 'compile', started_at: '2026-01-01T00:00:00.000Z', completed_at: '2026-01-01T00:00:00.000Z' }],
    thread_id: 'Thread-1',
    execution_time: 0.25,
    adapter_response: { _message: 'OK' },
    message: 'OK',
    failures: null,
    batch_results: null,
    ...rest,
  })

  it('has dbt’s fields in dbt’s order', async () => {
    const model = { ...(manifest.nodes['model.shop.orders'] as ModelNode), compiled: true, compiled_code: 'select 1' }
    const seed = manifest.nodes['seed.shop.rates']!
    const exposure = manifest.exposures['exposure.shop.churn_model']!
    await writeRunResults(at('run_results.json'), {
      metadata: artifactMetadata('run-results', invocation),
      results: [model, seed, exposure].map((node) => runResultOutput(executed(node))),
      elapsed_time: 1.5,
      args: { which: 'build' },
    })
    const text = JSON.parse(readFileSync(at('run_results.json'), 'utf8')) as Record<string, unknown>
    expect(Object.keys(text)).toEqual(['metadata', 'results', 'elapsed_time', 'args'])
    expect(text['metadata']).toEqual({
      dbt_schema_version: 'https://schemas.getdbt.com/dbt/run-results/v6.json',
      dbt_version: '1.11.16',
      generated_at: '2026-01-01T00:00:01.500Z',
      invocation_id: 'the-invocation',
      invocation_started_at: '2026-01-01T00:00:00.000Z',
      env: { JOB: '7' },
    })
    const { results } = readRunResults(at('run_results.json'))!
    expect(Object.keys(results[0]!)).toEqual([
      'status',
      'timing',
      'thread_id',
      'execution_time',
      'adapter_response',
      'message',
      'failures',
      'unique_id',
      'compiled',
      'compiled_code',
      'relation_name',
      'batch_results',
    ])
    expect(results.map((r) => [r.compiled, r.compiled_code, r.relation_name])).toEqual([
      [true, 'select 1', '"shop"."main"."orders"'],
      [null, null, null],
      [null, null, null],
    ])
  })

  it('masks secrets in vars and in the command', async () => {
    await writeRunResults(at('secret.json'), {
      metadata: artifactMetadata('run-results', invocation),
      results: [],
      elapsed_time: 0,
      args: {
        vars: { DBT_ENV_SECRET_KEY: 'hunter2', day: 3, url: 'x/hunter2' },
        invocation_command: 'plumb run --vars hunter2',
      },
    })
    expect(readRunResults(at('secret.json'))!.args).toEqual({
      vars: { DBT_ENV_SECRET_KEY: '*****', day: 3, url: 'x/*****' },
      invocation_command: 'plumb run --vars *****',
    })
  })

  it('reads versions 4 and 5', () => {
    writeFileSync(
      at('old-results.json'),
      JSON.stringify({
        metadata: { dbt_schema_version: schemaUrl('run-results', 4) },
        results: [{ unique_id: 'model.a.b', status: 'error' }],
      }),
    )
    expect(readRunResults(at('old-results.json'))!.results[0]).toMatchObject({
      unique_id: 'model.a.b',
      status: 'error',
      compiled: false,
      message: null,
      failures: null,
    })
  })
})

describe('the other artifacts', () => {
  it('sources.json and catalog.json come back as written', async () => {
    const sources = {
      metadata: artifactMetadata('sources', invocation),
      results: [{ unique_id: 'source.a.b.c', error: 'no', status: 'runtime error' as const }],
      elapsed_time: 0.5,
    }
    await writeSources(at('sources.json'), sources)
    expect(readSources(at('sources.json'))).toEqual(sources)
    const table = {
      metadata: { type: 'BASE TABLE', schema: 'main', name: 'a', database: 'db', comment: null, owner: null },
      columns: { id: { type: 'INTEGER', index: 1, name: 'id', comment: null } },
      stats: { has_stats: { id: 'has_stats', label: 'Has Stats?', value: false, include: false, description: 'x' } },
      unique_id: 'model.a.a',
    }
    const catalog = {
      metadata: artifactMetadata('catalog', invocation),
      nodes: { 'model.a.a': table },
      sources: {},
      errors: null,
    }
    await writeCatalog(at('catalog.json'), catalog)
    expect(readCatalog(at('catalog.json'))).toEqual(catalog)
  })

  it('graph_summary.json', async () => {
    await writeGraphSummary(at('graph_summary.json'), {
      _invocation_id: 'i',
      linked: { 0: { name: 'a', type: 'model' } },
    })
    expect(readFileSync(at('graph_summary.json'), 'utf8')).toBe(
      '{"_invocation_id":"i","linked":{"0":{"name":"a","type":"model"}}}',
    )
  })

  it('semantic_manifest.json has the fields of MetricFlow’s classes', async () => {
    const manifest = readFixtureManifest()
    await writeSemanticManifest(at('semantic_manifest.json'), manifest)
    const text = JSON.parse(readFileSync(at('semantic_manifest.json'), 'utf8')) as Record<string, unknown>
    expect(text).toEqual(semanticManifestOf(manifest))
    expect(Object.keys(text)).toEqual(['semantic_models', 'metrics', 'project_configuration', 'saved_queries'])
    expect(semanticManifestOf(manifest)['project_configuration']).toEqual({
      time_spine_table_configurations: [],
      metadata: null,
      dsi_package_version: { major_version: '0', minor_version: '9', patch_version: '0' },
      time_spines: [
        {
          node_relation: {
            alias: 'metricflow_time_spine',
            schema_name: 'main',
            database: 'shop',
            relation_name: '"shop"."main"."metricflow_time_spine"',
          },
          primary_column: { name: 'date_day', time_granularity: 'day' },
          custom_granularities: [],
        },
      ],
    })
  })

  it('a time spine of the old kind is still one', () => {
    const manifest = readFixtureManifest()
    Object.assign(manifest.nodes['model.shop.metricflow_time_spine']!, { time_spine: null })
    expect(semanticManifestOf(manifest)['project_configuration']).toMatchObject({
      time_spines: [],
      time_spine_table_configurations: [
        { location: '"shop"."main"."metricflow_time_spine"', column_name: 'date_day', grain: 'day' },
      ],
    })
  })
})

describe('writing', () => {
  it('leaves the old file and no rubbish when it fails half way', async () => {
    const folder = at('half')
    mkdirSync(folder)
    const file = join(folder, 'a.json')
    writeFileSync(file, 'old')
    function* broken(): Generator<string> {
      yield 'x'.repeat(3_000_000)
      throw new Error('no more')
    }
    await expect(writeFileAtomically(file, broken())).rejects.toThrow('no more')
    expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['old', ['a.json']])
  })

  it('makes the directory, and says so when it cannot write', async () => {
    await writeFileAtomically(at('deep', 'er', 'a.txt'), ['a', 'b'])
    expect(readFileSync(at('deep', 'er', 'a.txt'), 'utf8')).toBe('ab')
    writeFileSync(at('file'), '')
    await expect(writeFileAtomically(at('file', 'a.txt'), ['a'])).rejects.toThrow(/^Could not write .*file.a\.txt: /)
  })

  it('writers at the same time do not mix', async () => {
    const file = at('race.txt')
    const texts = Array.from({ length: 8 }, (_, i) => String(i).repeat(200_000))
    await Promise.all(texts.map((text) => writeFileAtomically(file, [text, text])))
    expect(texts.map((text) => text + text)).toContain(readFileSync(file, 'utf8'))
  })
})

describe('the directory of --state', () => {
  it('is read when asked for', () => {
    const state = openState({ statePath: 'state', targetPath: 'target', projectRoot: dir })
    expect([state.manifest, state.runResults, state.sources, state.sourcesNow]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })

  it('warns when it is the target', () => {
    const events: string[] = []
    openState({ statePath: 'target', targetPath: './target', projectRoot: dir, emit: (e) => events.push(e.name) })
    expect(events).toEqual(['WarnStateTargetEqual'])
  })

  it('says what is missing to defer', async () => {
    expect(() => manifestToDeferTo(undefined)).toThrow(
      '--state or --defer-state are required for deferral, but neither was provided',
    )
    const empty = openState({ statePath: 'nowhere', targetPath: 'target', projectRoot: dir })
    expect(() => manifestToDeferTo(empty)).toThrow('Could not find manifest in --state path: "nowhere"')
    await writeManifest(at('prod', 'manifest.json'), readFixtureManifest())
    const prod = openState({ statePath: 'prod', targetPath: 'target', projectRoot: dir })
    expect(manifestToDeferTo(empty, prod)).toBe(prod.manifest)
  })
})
