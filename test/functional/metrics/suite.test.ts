import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { writeSuiteDuckdb } from '../../conformance/metricflow/duckdb-runner.js'
import { openSuitePostgres } from '../../conformance/metricflow/postgres-runner.js'
import { suiteFolder } from '../../conformance/metricflow/suite.js'
import { throughCommandLine } from '../../conformance/metricflow/through-command-line.js'
import { postgresMissing } from '../../support/postgres.js'
import { REPO } from '../../support/project.js'

const folder = suiteFolder(REPO)
const missing = existsSync(folder) ? null : 'the conformance suite is not beside the repository: skipped'
const noServer = missing ?? postgresMissing()
if (noServer !== null) console.log(noServer)

const scratch = mkdtempSync(join(tmpdir(), 'plumb-metrics-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

describe.skipIf(missing !== null)('every question of the suite, asked with plumb query --queries', () => {
  it.each(['yaml', 'manifest', 'newer'] as const)(
    'on DuckDB, definitions: %s',
    async (way) => {
      const own = mkdtempSync(join(scratch, `${way}-`))
      const output = await writeSuiteDuckdb(folder, own)
      const { faults, asked, refused } = await throughCommandLine(folder, own, output, way)
      expect(Object.fromEntries(faults)).toEqual({})
      expect([asked, refused]).toEqual([362, 24])
    },
    300_000,
  )

  it.skipIf(noServer !== null)(
    'on PostgreSQL',
    async () => {
      const server = await openSuitePostgres(folder)
      try {
        const { faults } = await throughCommandLine(folder, mkdtempSync(join(scratch, 'postgres-')), server.output)
        // PostgreSQL computes percentiles exactly where DuckDB, which made the expected rows, estimates them.
        faults.delete('itest.measure_aggregations/approximate_continuous_percentile_agg')
        expect(Object.fromEntries(faults)).toEqual({})
      } finally {
        await server.stop()
      }
    },
    300_000,
  )
})
