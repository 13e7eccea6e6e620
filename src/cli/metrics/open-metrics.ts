import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Adapter, AdapterPlugin, Connection } from '../../adapters/adapter.js'
import { fail } from '../../core/diagnostic.js'
import type { Ground } from '../../query/index.js'
import type { DialectName, SemanticEngine, SemanticManifest } from '../../semantic/index.js'
import type { Workspace } from '../../workspace.js'
import type { Ready } from '../ready.js'

/** The metrics of a project, ready to be asked. Close it in the end. */
export interface Metrics {
  readonly workspace: Workspace
  readonly engine: SemanticEngine
  readonly manifest: SemanticManifest
  /** The project's warehouse, opened for reading when it is first asked. */
  readonly warehouse: Ground['adapter']
  close(): Promise<void>
}

/** Opens the metrics of the project, or of the file that `--semantic-manifest` names, for the profile's warehouse. */
export async function openMetrics(ready: Ready): Promise<Metrics> {
  const workspace = await ready.workspace()
  const manifest = await semanticManifestOf(ready, workspace)
  const { createSemanticEngine } = await import('../../semantic/index.js')
  const plugin = await workspace.plugin()
  const engine = createSemanticEngine(manifest, { dialect: await dialectOf(plugin) })
  return { workspace, engine, manifest, warehouse: openedLate(plugin, workspace), close: () => workspace.close() }
}

/** A question that cannot be answered is refused before the warehouse is opened. */
function openedLate(plugin: AdapterPlugin, workspace: Workspace): Metrics['warehouse'] {
  const open = (): Promise<Adapter> => workspace.adapter({ readOnly: true })
  return {
    plugin,
    connect: async (name): Promise<Connection> => (await open()).connect(name),
    introspect: {
      describeQuery: async (connection, sql) => (await open()).introspect.describeQuery(connection, sql),
    },
  }
}

async function semanticManifestOf(ready: Ready, workspace: Workspace): Promise<SemanticManifest> {
  const path = ready.options.text('semantic_manifest')
  if (path !== null) return readSemanticManifest(path, ready.invocation.cwd)
  const { buildSemanticManifest } = await import('../../semantic/index.js')
  return buildSemanticManifest(await workspace.manifest())
}

/** @throws PlumbError `semantic-manifest-unreadable` */
function readSemanticManifest(path: string, cwd: string): SemanticManifest {
  let read: unknown
  try {
    read = JSON.parse(readFileSync(resolve(cwd, path), 'utf8'))
  } catch (error) {
    fail('runtime', 'semantic-manifest-unreadable', `${path} cannot be read: ${(error as Error).message}`, {
      hint: 'plumb parse and dbt parse write target/semantic_manifest.json',
    })
  }
  const record = read as Partial<Record<keyof SemanticManifest, unknown>> | null
  if (record === null || !Array.isArray(record.semantic_models) || !Array.isArray(record.metrics)) {
    fail('runtime', 'semantic-manifest-unreadable', `${path} is not a semantic_manifest.json`, {
      hint: 'it has semantic_models, metrics, saved_queries and project_configuration',
    })
  }
  return read as SemanticManifest
}

/** How SQL is written for a warehouse; one that has no dialect of its own is written as its parent is. */
export async function dialectOf({ type, parent }: AdapterPlugin): Promise<DialectName> {
  const { DIALECT_NAMES } = await import('../../semantic/index.js')
  const found = [type, parent].flatMap((name) => DIALECT_NAMES.find((known) => known === name) ?? [])[0]
  if (found === undefined) {
    fail('runtime', 'warehouse-without-metrics', `Metrics cannot be asked of ${type} yet.`, {
      hint: `they can of ${DIALECT_NAMES.join(', ')}`,
    })
  }
  return found
}
