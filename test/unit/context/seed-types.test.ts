import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readSeedTable } from '../../../src/context/seed/read-seed-table.js'
import { PlumbError } from '../../../src/core/diagnostic.js'
import { iterate, toStr } from '../../../src/jinja/index.js'

interface Recorded {
  readonly csv: string
  readonly delimiter: string
  readonly text: readonly string[]
  readonly names?: readonly string[]
  readonly types?: readonly string[]
  readonly rows?: readonly (readonly string[])[]
  readonly error?: string
}

/** How dbt-core 1.11 reads these files (dbt_common.clients.agate_helper). */
const RECORDED = JSON.parse(readFileSync(join(import.meta.dirname, 'seeds.recorded.json'), 'utf8')) as Recorded[]
const dir = mkdtempSync(join(tmpdir(), 'plumb-seeds-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

describe('seeds', () => {
  it.each(RECORDED)('read $csv as dbt does', ({ csv, delimiter, text, names, types, rows, error }) => {
    const path = join(dir, 'seed.csv')
    writeFileSync(path, csv)
    const read = () => readSeedTable(path, { file: 'seeds/seed.csv', delimiter, textColumns: new Set(text) })
    if (error !== undefined) {
      expect(read).toThrow(PlumbError)
      if (error !== '') expect(read).toThrow(error)
      return
    }
    const table = read()
    expect(table.columnNames).toEqual(names)
    expect(table.columnTypes.map((type) => type.name)).toEqual(types)
    expect(Array.from(iterate(table), (row) => Array.from(iterate(row), toStr))).toEqual(rows)
  })
})
