import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..')

/** The analysis as it is in the sources now. */
export async function loadEngine() {
  const dir = mkdtempSync(join(tmpdir(), 'plumb-lineage-'))
  symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'))
  const outfile = join(dir, 'engine.mjs')
  const contents = `export { createEngine } from './engine.js'; export { createTableSchema } from './resolve/table-schema.js'`
  const resolveDir = join(root, 'src/sql/analyze')
  await build({
    stdin: { contents, resolveDir, loader: 'ts' },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  })
  const engine = await import(pathToFileURL(outfile).href)
  process.on('exit', () => rmSync(dir, { recursive: true, force: true }))
  return engine
}
