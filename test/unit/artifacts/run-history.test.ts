import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { RunHistory } from '../../../src/artifacts/index.js'

it('reads the file of a run once, until it changes or goes', () => {
  const target = mkdtempSync(join(tmpdir(), 'plumb-runs-'))
  mkdirSync(join(target, 'runs'))
  const file = (name: string): string => join(target, 'runs', name)
  const write = (name: string, id: string): void =>
    writeFileSync(
      file(name),
      JSON.stringify({
        metadata: { dbt_schema_version: 'https://schemas.getdbt.com/dbt/run-results/v6.json', invocation_id: id },
        results: [],
        elapsed_time: 1,
        args: {},
      }),
    )
  write('2024-01-01.a.json', 'a')
  write('2024-01-02.b.json', 'b')
  const history = new RunHistory()
  const first = history.read(target)
  expect(first.map(({ metadata }) => metadata.invocation_id)).toEqual(['b', 'a'])
  const again = history.read(target)
  expect(again.every((run, at) => run === first[at])).toBe(true)
  write('2024-01-01.a.json', 'changed')
  utimesSync(file('2024-01-01.a.json'), 1, 1)
  writeFileSync(file('2024-01-03.c.json'), '{ half')
  expect(history.read(target).map(({ metadata }) => metadata.invocation_id)).toEqual(['b', 'changed'])
  rmSync(file('2024-01-02.b.json'))
  expect(history.read(target).map(({ metadata }) => metadata.invocation_id)).toEqual(['changed'])
})
