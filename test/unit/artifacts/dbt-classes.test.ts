import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  artifactMetadata,
  runResultOutput,
  writeCatalog,
  writeManifest,
  writeRunResults,
  writeSemanticManifest,
  writeSources,
} from '../../../src/artifacts/index.js'
import { createInvocation } from '../../../src/core/invocation.js'
import { allResources } from '../../../src/manifest/index.js'
import { readFixtureManifest } from '../graph/selection-fixture.js'

/** A Python with dbt-core 1.11 and dbt-semantic-interfaces. */
const PYTHON = process.env['PLUMB_DBT_PYTHON']

const LOAD = `
import json, sys
from dbt.artifacts.schemas.manifest import WritableManifest
from dbt.artifacts.schemas.run import RunResultsArtifact
from dbt.artifacts.schemas.catalog import CatalogArtifact
from dbt.artifacts.schemas.freshness import FreshnessExecutionResultArtifact
from dbt.contracts.graph.manifest import Manifest
from dbt_semantic_interfaces.implementations.semantic_manifest import PydanticSemanticManifest
d = sys.argv[1]
m = WritableManifest.read_and_check_versions(d + "/manifest.json")
again = m.to_dict(omit_none=False, context={"artifact": True})
ours = json.load(open(d + "/manifest.json"))
same = json.loads(json.dumps(again, default=str))
for node in ours["nodes"].values():  # dbt reads generic tests as singular ones
    if "test_metadata" in node:
        for field in ("column_name", "file_key_name", "attached_node", "test_metadata"):
            del node[field]
differ = [s for s in ours if s != "metadata" and ours[s] != same[s]]
r = RunResultsArtifact.read_and_check_versions(d + "/run_results.json")
c = CatalogArtifact.read_and_check_versions(d + "/catalog.json")
f = FreshnessExecutionResultArtifact.read_and_check_versions(d + "/sources.json")
p = PydanticSemanticManifest.parse_file(d + "/semantic_manifest.json")
print(json.dumps({
  "nodes": len(Manifest.from_writable_manifest(m).nodes), "differ": differ, "results": len(r.results), "catalog": len(c.nodes),
  "sources": [str(x.status) for x in f.results], "metrics": len(p.metrics),
  "semantic": json.loads(p.json()) == json.load(open(d + "/semantic_manifest.json")),
}))
`

describe.skipIf(PYTHON === undefined)('dbt’s own classes (set PLUMB_DBT_PYTHON to a Python with dbt-core)', () => {
  it('load what we write, and write it back unchanged', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'dbt-classes-'))
    const invocation = createInvocation()
    const manifest = readFixtureManifest()
    const orders = manifest.nodes['model.shop.orders']!
    Object.assign(orders, { compiled: true, compiled_code: 'select 1', extra_ctes_injected: true, extra_ctes: [] })
    await writeManifest(join(dir, 'manifest.json'), manifest)
    await writeSemanticManifest(join(dir, 'semantic_manifest.json'), manifest)
    const results = [...allResources(manifest)].map((node) =>
      runResultOutput({
        node,
        status: 'success',
        timing: [],
        thread_id: 'Thread-1',
        execution_time: 0,
        adapter_response: {},
        message: null,
        failures: 0,
        batch_results: null,
      }),
    )
    await writeRunResults(join(dir, 'run_results.json'), {
      metadata: artifactMetadata('run-results', invocation),
      results,
      elapsed_time: 0,
      args: { which: 'run', vars: {}, invocation_command: 'plumb run' },
    })
    await writeCatalog(join(dir, 'catalog.json'), {
      metadata: artifactMetadata('catalog', invocation),
      nodes: {
        [orders.unique_id]: {
          metadata: { type: 'BASE TABLE', schema: 'main', name: 'orders', database: 'db', comment: null, owner: null },
          columns: { id: { type: 'INTEGER', index: 1, name: 'id', comment: null } },
          stats: { has_stats: { id: 'has_stats', label: 'Has Stats?', value: false, include: false, description: '' } },
          unique_id: orders.unique_id,
        },
      },
      sources: {},
      errors: null,
    })
    const source = Object.values(manifest.sources)[0]!
    await writeSources(join(dir, 'sources.json'), {
      metadata: artifactMetadata('sources', invocation),
      results: [
        {
          unique_id: source.unique_id,
          max_loaded_at: '2026-01-01T00:00:00Z',
          snapshotted_at: '2026-01-01T01:00:00Z',
          max_loaded_at_time_ago_in_s: 3600,
          status: 'pass',
          criteria: source.freshness!,
          adapter_response: {},
          timing: [],
          thread_id: 'Thread-1',
          execution_time: 0.1,
        },
        { unique_id: 'source.shop.app.customers', error: 'gone', status: 'runtime error' },
      ],
      elapsed_time: 0.1,
    })
    const answer: unknown = JSON.parse(execFileSync(PYTHON!, ['-c', LOAD, dir], { encoding: 'utf8' }))
    expect(answer).toEqual({
      nodes: Object.keys(manifest.nodes).length,
      differ: [],
      results: results.length,
      catalog: 1,
      sources: ['pass', 'runtime error'],
      metrics: 3,
      semantic: true,
    })
  })
})
