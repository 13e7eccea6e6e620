import { afterEach, describe, expect, it } from 'vitest'
import { createFlags, createInvocation, type Manifest, openProject, PlumbError } from '../../../src/index.js'
import { type TestProject, type Tree, testProject } from '../../support/project.js'

let project: TestProject
afterEach(() => project.dispose())

const MODELS = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta']

const FILES: Tree = {
  'dbt_project.yml':
    "name: test\nversion: '1.0'\nprofile: test\nflags:\n  require_generic_test_arguments_property: true\n" +
    "vars: {start: '2020-01-01'}\nmodels:\n  test:\n    +meta: {owner: me, weight: 1.0}\n    marts:\n      +materialized: table\n",
  models: {
    'alpha.sql': "select 1 as id, '{{ var('start') }}' as day",
    'beta.sql': "{{ config(tags=['b']) }}\nselect * from {{ ref('alpha') }}",
    'gamma.sql': "select id, {{ double('id') }} as twice from {{ ref('beta') }} join {{ ref('seeded') }} using (id)",
    'marts/delta.sql': "select * from {{ source('raw', 'events') }} cross join {{ ref('gamma') }}",
    'marts/epsilon.sql':
      "{{ config(materialized='view', post_hook=\"select count(*) from {{ ref('alpha') }}\") }}select 1 as id",
    'marts/zeta.sql': "{% if execute %}{{ log('x') }}{% endif %}select * from {{ ref('delta') }} -- {{ noted() }}",
    'properties.yml': `
sources:
  - name: raw
    tables: [{name: events, columns: [{name: id, data_tests: [not_null]}]}]
models:
  - name: alpha
    description: "{{ doc('first') }}"
    config: {contract: {enforced: false}, meta: {ratio: 2.0}}
    columns:
      - {name: id, description: The key, data_tests: [unique, not_null]}
  - name: gamma
    columns:
      - name: id
        data_tests:
          - relationships: {arguments: {to: ref('alpha'), field: id}}
  - name: beta
    config: {severity_of_mine: 3}
exposures:
  - {name: board, type: dashboard, owner: {name: Ann}, depends_on: [ref('zeta')]}
unit_tests:
  - name: delta_counts
    model: delta
    given: [{input: ref('gamma'), rows: []}, {input: "source('raw', 'events')", rows: []}]
    expect: {rows: []}
`,
    'docs.md': '{% docs first %}The first model{% enddocs %}',
  },
  'seeds/seeded.csv': 'id,name\n1,one\n',
  'macros/double.sql':
    '{% macro double(x) %}({{ x }} * 2){% endmacro %}\n{% macro noted() %}{{ adapter.dispatch("noted")() }}{% endmacro %}{% macro default__noted() %}n{% endmacro %}',
  'tests/none_negative.sql': "select * from {{ ref('alpha') }} where id < 0",
  'analyses/look.sql': "select * from {{ ref('beta') }}",
}

/** A source of chance that gives the same each time. */
function chance(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1664525 + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function pathOf(model: string): string {
  return ['delta', 'epsilon', 'zeta'].includes(model) ? `models/marts/${model}.sql` : `models/${model}.sql`
}

type Edit = (random: (below: number) => number) => void

const append = (path: string, text: string): void => project.write({ [path]: project.read(path) + text })
const replace = (path: string, from: string | RegExp, to: string): void =>
  project.write({ [path]: project.read(path).replace(from, to) })

/** Edits of one SQL text that leave its configuration alone: those that need no full parse. */
const BODIES: readonly Edit[] = [
  (random) => append(pathOf(MODELS[random(3)]!), `\n-- note ${random(1000)}`),
  (random) => append(pathOf(MODELS[2 + 3 * random(2)]!), ` -- {{ ref('${MODELS[random(2)]}') }}`),
  (random) => append(pathOf('gamma'), ` -- {{ source('raw', 'events') }}{{ var('start') }}{{ noted() }}${random(9)}`),
  () => replace(pathOf('gamma'), /\{\{ double\('id'\) \}\}/, '1'),
  (random) => append('tests/none_negative.sql', ` or id = ${random(100)} -- {{ ref('beta') }}`),
  (random) => append('analyses/look.sql', ` where id > ${random(100)} -- {{ double('x') }}`),
]

/** Edits of everything else; some make a project that cannot be parsed, which the next one of their kind mends. */
const OTHERS: readonly Edit[] = [
  (random) => replace(pathOf('beta'), /^.*\n/, `{{ config(tags=['t${random(5)}'], alias='beta_${random(3)}') }}\n`),
  (random) => replace('models/properties.yml', /The key\w*/, `The key${random(100)}`),
  (random) =>
    replace(
      'models/properties.yml',
      /data_tests: \[unique.*?\]/,
      `data_tests: [unique${random(2) ? ', not_null' : ''}]`,
    ),
  (random) => replace('macros/double.sql', /\* \d+/, `* ${random(100)}`),
  (random) => append('seeds/seeded.csv', `${random(100)},more\n`),
  (random) => replace('dbt_project.yml', /owner: \w+/, `owner: o${random(10)}`),
  (random) => replace('dbt_project.yml', /weight: [\d.]+/, `weight: ${random(10)}.0`),
  (random) => append(pathOf('delta'), ` -- {{ ref('alpha') }}${random(100)}`),
  (random) => append(pathOf('epsilon'), ` -- {{ ref('beta') }}${random(100)}`),
  (random) => project.write({ [`models/new_${random(3)}.sql`]: `select * from {{ ref('beta') }} -- ${random(9)}` }),
  (random) => project.remove(`models/new_${random(3)}.sql`),
  (random) => replace('models/docs.md', /The first model\w*/, `The first model${random(10)}`),
  (random) => {
    if (project.read(pathOf('alpha')).includes('enabled')) replace(pathOf('alpha'), '{{ config(enabled=false) }}', '')
    else if (random(2))
      project.write({ [pathOf('alpha')]: `{{ config(enabled=false) }}${project.read(pathOf('alpha'))}` })
  },
  (random) => {
    const broken = " {{ ref('nowhere') }}"
    if (project.read(pathOf('gamma')).includes(broken)) replace(pathOf('gamma'), broken, '')
    else if (random(2)) append(pathOf('gamma'), broken)
  },
]

interface Parsed {
  readonly manifest?: Manifest
  readonly faults?: readonly string[]
}

async function parse(partialParse: boolean): Promise<Parsed> {
  const { dir } = project
  const workspace = await openProject({
    invocation: createInvocation({ env: { HOME: dir }, cwd: dir }),
    flags: createFlags({ partialParse }),
    projectDir: dir,
    profilesDir: dir,
  })
  try {
    return { manifest: await workspace.manifest() }
  } catch (error) {
    if (!(error instanceof PlumbError)) throw error
    return { faults: error.diagnostics.map((fault) => `${fault.code} ${fault.message} ${fault.nodeId ?? ''}`) }
  } finally {
    await workspace.close()
  }
}

/** All but the moment it was made; Python's floats kept apart from integers, and the order of keys looked at. */
function comparable({ manifest, faults }: Parsed): string {
  if (manifest === undefined) return JSON.stringify(faults, null, 1)
  const { metadata: _, ...sections } = manifest
  return JSON.stringify(withoutTimes(sections), null, 1)
}

function withoutTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTimes)
  if (typeof value !== 'object' || value === null) return value
  if (value.constructor.name === 'PyFloat') return `float ${String((value as { value: number }).value)}`
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (key === 'created_at' ? [] : [[key, withoutTimes(item)]])),
  )
}

describe('a parse after changes', () => {
  it('comes to what a full parse comes to, whatever was edited', { timeout: 300_000 }, async () => {
    project = testProject(FILES)
    const random = chance(Number(process.env['PLUMB_TEST_SEED'] ?? 20260101))
    await parse(true)
    for (let round = 0; round < Number(process.env['PLUMB_TEST_ROUNDS'] ?? 30); round++) {
      const edits = random(2) ? BODIES : OTHERS
      const edit = edits[random(edits.length)]!
      edit(random)
      const partial = await parse(true)
      const full = await parse(false)
      expect(comparable(partial), `round ${round}: ${edit}`).toBe(comparable(full))
    }
  })

  it('reads only the files whose text changed', async () => {
    project = testProject(FILES)
    const random = chance(7)
    const first = (await parse(true)).manifest!
    const madeAt = first.nodes['model.test.beta']!.created_at
    for (const edit of [...BODIES, ...BODIES]) {
      edit(random)
      const { manifest } = await parse(true)
      expect(manifest?.nodes['model.test.beta']?.created_at, String(edit)).toBe(madeAt)
    }
  })

  it('reads only those too when a YAML file is written in a deprecated way, of which it speaks when that is read', async () => {
    project = testProject({
      ...FILES,
      'models/old.yml':
        "models: [{name: delta, columns: [{name: id, data_tests: [{relationships: {to: ref('alpha'), field: id}}]}]}]\n",
    })
    const deprecation = /MissingArgumentsPropertyInGenericTestDeprecation/
    expect((await project.run('parse')).stdout).toMatch(deprecation)
    const madeAt = () => project.json<Manifest>('target/manifest.json').nodes['model.test.beta']!.created_at
    const before = madeAt()
    append(pathOf('alpha'), ' -- edited')
    expect((await project.run('parse')).stdout).not.toMatch(deprecation)
    expect(madeAt()).toBe(before)
    append('models/old.yml', '# edited')
    expect((await project.run('parse')).stdout).toMatch(deprecation)
  })
})
