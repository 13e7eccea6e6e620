import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { exactJson } from '../../core/exact-json.js'
import type { Site } from './site.js'

/**
 * Writes a site as a folder of files that any web server can host: the application of `appDir` and its documents.
 * Built aside and swapped in whole; `folder` never holds half of it.
 */
export function writeSite(site: Site, appDir: string, folder: string): void {
  const aside = `${folder}.${process.pid}.new`
  rmSync(aside, { recursive: true, force: true })
  cpSync(appDir, aside, { recursive: true })
  for (const [path, document] of documentsOf(site)) {
    const file = join(aside, 'data', path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, exactJson(document))
  }
  const old = `${folder}.${process.pid}.old`
  if (existsSync(folder)) renameSync(folder, old)
  renameSync(aside, folder)
  rmSync(old, { recursive: true, force: true })
}

/** All that a site consists of, by the names under which the application asks for it. */
export function* documentsOf(site: Site): Generator<readonly [path: string, document: unknown]> {
  yield ['index.json', site.index()]
  for (let shard = 0, part = site.details(0); part !== undefined; part = site.details(++shard)) {
    yield [`details/${shard}.json`, part]
  }
  yield ['columns.json', site.columns()]
  yield ['metrics.json', site.metrics()]
  const runs = site.runs()
  yield ['runs.json', runs]
  for (const { id } of runs) yield [`runs/${encodeURIComponent(id)}.json`, site.run(id)]
}
