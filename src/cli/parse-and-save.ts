import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Manifest } from '../manifest/index.js'
import { PARSE_CACHE_FILE } from '../parse/cache/cache-file.js'
import type { ParseResult } from '../parse/index.js'
import type { Workspace } from '../workspace.js'
import type { Ready } from './ready.js'

/** Parses and writes manifest.json. The manifest is read when it is asked for. */
export async function parseAndSave(ready: Ready): Promise<{ workspace: Workspace; readonly manifest: Manifest }> {
  const workspace = await ready.workspace()
  const parsed = await workspace.parse()
  if (!isSaved(workspace, parsed)) {
    const { saveManifest } = await import('../write-artifacts.js')
    await saveManifest(workspace, parsed.manifest)
  }
  return {
    workspace,
    get manifest() {
      return parsed.manifest
    },
  }
}

/**
 * Where nothing had changed, what the last invocation wrote is as good: it is left alone, unless it is older than the
 * parse it should be of.
 */
function isSaved({ project }: Workspace, { fromCache }: ParseResult): boolean {
  if (!fromCache) return false
  const written = (name: string): number =>
    statSync(join(project.targetDir, name), { throwIfNoEntry: false })?.mtimeMs ?? 0
  const parsed = written(PARSE_CACHE_FILE)
  return written('manifest.json') >= parsed && written('semantic_manifest.json') >= parsed
}
