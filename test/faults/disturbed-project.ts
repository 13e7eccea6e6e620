import type { Tree } from '../support/project.js'

/**
 * One of everything that changes a warehouse. `version` is what a build writes everywhere: a relation whose rows bear
 * two of them was left half done.
 */
export const PROJECT: Tree = {
  'dbt_project.yml': `
name: test
version: '1.0'
config-version: 2
profile: test
vars: {version: 1}
`,
  seeds: { 'raw.csv': 'id,name\n1,a\n2,b\n3,c\n' },
  models: {
    'picked.sql':
      "{{ config(materialized='table') }} select id, name, {{ var('version') }} as version from {{ ref('raw') }}",
    'shown.sql': "select id, {{ var('version') }} as version from {{ ref('picked') }}",
    'merged.sql': `{{ config(materialized='incremental', unique_key='id') }}
      select id, {{ var('version') }} as version from {{ ref('picked') }}`,
    'grown.sql': `{{ config(materialized='incremental') }}
      select {{ var('version') }} as version from (select 1 as one) as nothing
      {% if is_incremental() %} where {{ var('version') }} > (select max(version) from {{ this }}) {% endif %}`,
    'properties.yml': `
models:
  - name: picked
    columns:
      - name: id
        data_tests: [unique]
      - name: version
        data_tests:
          - accepted_values:
              name: kept_failures
              arguments: {values: [99], quote: false}
              config: {severity: warn, store_failures: true}
`,
  },
  snapshots: {
    'history.yml': `
snapshots:
  - name: history
    relation: ref('picked')
    config: {strategy: check, unique_key: id, check_cols: [version]}
`,
  },
}

/** Every relation of a target schema with its columns that hold no times. */
export function contentsOf(schema: string): Readonly<Record<string, string>> {
  return {
    raw: `select id, name from ${schema}.raw`,
    picked: `select id, name, version from ${schema}.picked`,
    shown: `select id, version from ${schema}.shown`,
    merged: `select id, version from ${schema}.merged`,
    grown: `select version from ${schema}.grown`,
    kept_failures: `select value_field, n_records from ${schema}_dbt_test__audit.kept_failures`,
    history: `select id, version, dbt_valid_to is null as is_current from ${schema}.history`,
  }
}

export type Contents = Readonly<Record<string, readonly string[]>>

/** What is in all relations, in an order of its own, with the names of whatever else there is. */
export async function readContents(
  query: (sql: string) => Promise<Record<string, unknown>[]>,
  schema: string,
): Promise<Contents> {
  const found: Record<string, string[]> = {}
  for (const [name, sql] of Object.entries(contentsOf(schema))) {
    found[name] = (await query(sql)).map((row) => JSON.stringify(Object.values(row).map(String))).sort()
  }
  const names = await query(
    `select table_schema || '.' || table_name as name from information_schema.tables where table_schema like '${schema}%'`,
  )
  return { ...found, all: names.map((row) => String(row['name'])).sort() }
}

/** The relations of `now` that hold neither what was there before nor what the build was to make. */
export function halfDone(now: Contents, before: Contents, after: Contents): string[] {
  const same = (a: readonly string[] | undefined, b: readonly string[] | undefined): boolean => `${a}` === `${b}`
  return Object.keys(now).filter(
    (name) => name !== 'all' && !same(now[name], before[name]) && !same(now[name], after[name]),
  )
}
