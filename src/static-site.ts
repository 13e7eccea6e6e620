import { join } from 'node:path'
import { readCatalog, readRuns, readSources } from './artifacts/index.js'
import { PLUMB_VERSION } from './core/invocation.js'
import { projectLineage } from './lineage-graph.js'
import type { Manifest } from './manifest/index.js'
import { buildSemanticManifest, createSemanticEngine } from './semantic/index.js'
import { createSite, writeSite } from './serve/site/index.js'
import { webAppDir } from './web-app.js'
import type { Workspace } from './workspace.js'

/**
 * Writes the browser application and what it shows of a project to `target/site/`, with what the project's owner may
 * see: everything.
 * @returns the folder, absolute.
 */
export async function writeStaticSite(workspace: Workspace, manifest: Manifest): Promise<string> {
  const { targetDir } = workspace.project
  const plugin = await workspace.plugin()
  const { graph } = await projectLineage(workspace)
  const site = createSite({
    manifest,
    adapter: plugin.type,
    catalog: readCatalog(join(targetDir, 'catalog.json')),
    runs: readRuns(targetDir),
    sources: readSources(join(targetDir, 'sources.json')),
    lineage: graph,
    listing: () => createSemanticEngine(buildSemanticManifest(manifest), { dialect: 'duckdb' }),
    visible: null,
    madeFor: null,
    isStatic: true,
    generatedAt: workspace.invocation.now().toISOString(),
    plumbVersion: PLUMB_VERSION,
  })
  const folder = join(targetDir, 'site')
  writeSite(site, webAppDir(), folder)
  return folder
}
