import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runPlumb } from '../../support/project.js'

const HERE = import.meta.dirname
const BUILT_IN = new Set(['dbt', 'dbt_duckdb', 'dbt_postgres'])
const VOLATILE = new Set(['created_at', 'root_path'])

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type Section = { [id: string]: { [field: string]: Json } }

/** The manifest without times, ids of the run and the built-in macros: what `record.py` kept of dbt's. */
function comparable(manifest: { [section: string]: Json }): { [section: string]: Json } {
  const kept: { [section: string]: Json } = { ...manifest }
  delete kept.metadata
  const entries = Object.entries
  kept.docs = Object.fromEntries(entries(manifest.docs as Section).filter(([id]) => !id.startsWith('doc.dbt.')))
  kept.macros = Object.fromEntries(
    entries(manifest.macros as Section).filter(([, macro]) => !BUILT_IN.has(String(macro.package_name))),
  )
  const strip = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(strip)
    if (typeof value !== 'object' || value === null) return value
    const fields = entries(value).filter(([key]) => !VOLATILE.has(key))
    // dbt keeps a column's tags in a set, whose order changes from run to run.
    const ordered = (key: string, inner: Json): Json =>
      key === 'tags' && Array.isArray(inner) ? [...inner].sort() : strip(inner)
    return Object.fromEntries(fields.map(([key, inner]) => [key, ordered(key, inner)]))
  }
  return strip(kept) as { [section: string]: Json }
}

/** Each folder of `projects/`, parsed, against the manifest that dbt-core 1.11 wrote of it (`expected/`). */
describe('a project parses to the manifest that dbt writes', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'plumb-parse-'))
  afterAll(() => rmSync(scratch, { recursive: true, force: true }))

  for (const name of readdirSync(join(HERE, 'expected')).map((file) => file.replace('.json', ''))) {
    const expected = comparable(JSON.parse(readFileSync(join(HERE, 'expected', `${name}.json`), 'utf8')))
    it(name, async () => {
      const dir = join(scratch, name)
      cpSync(join(HERE, 'projects', name), dir, { recursive: true })
      const { code, stdout, stderr } = await runPlumb(dir, ['parse'])
      expect(code, stdout + stderr).toBe(0)
      const manifest = JSON.parse(readFileSync(join(dir, 'target/manifest.json'), 'utf8'))
      const ours = comparable(manifest)
      expect(Object.keys(ours).sort()).toEqual(Object.keys(expected).sort())
      for (const section of Object.keys(expected)) expect(ours[section], section).toEqual(expected[section])
    })
  }
})
