import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { readCatalog, readRuns, readSources } from './artifacts/index.js'
import { PLUMB_VERSION } from './core/invocation.js'
import { projectLineage } from './lineage-graph.js'
import type { Manifest } from './manifest/index.js'
import { buildSemanticManifest, createSemanticEngine } from './semantic/index.js'
import { createSite, writePage, writeSite } from './serve/site/index.js'
import { pageScript, webAppDir } from './web-app.js'
import type { Workspace } from './workspace.js'

/**
 * Writes the browser application and what it shows of a project, with what the project's owner may see: everything. To
 * `target/index.html` as one file; if asked for also to `target/static_index.html`, as dbt calls that file, and to the
 * folder `target/site/`.
 * @returns what was written, absolute.
 */
export async function writeStaticSite(workspace: Workspace, manifest: Manifest, folder: boolean): Promise<string[]> {
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
  const page = join(targetDir, 'index.html')
  writePage(site, { appDir: webAppDir(), script: pageScript() }, page)
  if (!folder) return [page]
  const copy = join(targetDir, 'static_index.html')
  copyFileSync(page, copy)
  const pages = join(targetDir, 'site')
  writeSite(site, webAppDir(), pages)
  return [page, copy, pages]
}
