import { statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type TestProject, testProject } from '../../support/project.js'

const CACHE = 'target/partial_parse.plumb'

let project: TestProject

function shop(): TestProject {
  project = testProject({
    models: {
      'orders.sql': "{{ config(meta={'inner': 2.0}) }}\nselect 1 as id",
      'customers.sql': "select id, '{{ model.config.meta.rate }}' as rate from {{ ref('orders') }}",
      'properties.yml':
        'models:\n  - name: customers\n    config:\n      meta: {rate: 1.0, whole: 1, far: .inf}\n' +
        '    columns:\n      - name: id\n        data_tests: [not_null]\n',
    },
    macros: { 'moved.sql': '\n\n{% macro moved() %}{{ nothing_like_it() }}{% endmacro %}' },
  })
  return project
}

const changedAt = (path: string): number => statSync(join(project.dir, path)).mtimeMs

afterEach(() => project.dispose())

describe('the parse cache', () => {
  it('keeps integers of any size, and so does every artifact', async () => {
    const { run, read } = shop()
    const huge = '123456789012345678901234567890'
    project.write({
      'dbt_project.yml': `name: test\nprofile: test\nvars: {huge: ${huge}}\n`,
      models: {
        'big.sql': "select {{ config.get('meta').ids[0] }} as a, {{ var('huge') + 1 }} as b",
        'big.yml': `models: [{name: big, config: {meta: {ids: [${huge}], account: 9223372036854775807, rate: 1.0}}}]`,
      },
    })
    const compiled = `select ${huge} as a, ${huge.slice(0, -1)}1 as b`
    for (const text of ['', '-- another text\n']) {
      // Anew; then with one model read again beside what was kept.
      project.write({ models: { 'customers.sql': `${text}${read('models/customers.sql')}` } })
      const { code, stdout } = await run(
        'build',
        '--select',
        'big',
        '--vars',
        `{given: ${huge}}`,
        '--log-format',
        'json',
      )
      expect(code).toBe(0)
      expect(stdout).toContain(`"ids":[${huge}]`)
      expect(read('target/compiled/test/models/big.sql')).toBe(compiled)
      expect(read('target/manifest.json')).toContain(`"ids":[${huge}],"account":9223372036854775807`)
      expect(read('target/run_results.json')).toContain(`"given":${huge}`)
    }
    project.write({ state: { 'manifest.json': read('target/manifest.json') } })
    const changed = await run('ls', '--select', 'state:modified', '--state', 'state', '--vars', `{given: ${huge}}`)
    expect(changed.stdout).not.toContain('test.')
    expect((await run('docs', 'generate', '--static')).code).toBe(0)
  })

  it('does not outlive another treatment of warnings', async () => {
    const { run } = shop()
    project.write({ 'dbt_project.yml': 'name: test\nprofile: test\nmodels: {test: {nowhere: {+enabled: true}}}\n' })
    expect((await run('parse')).code).toBe(0)
    for (const flags of [['--warn-error'], ['--warn-error-options', '{error: [UnusedResourceConfigPath]}']]) {
      const strict = await run(...flags, 'parse')
      expect(strict.code).toBe(2)
      expect(strict.stdout).toContain('nowhere')
      expect((await run('parse')).code).toBe(0)
    }
    const flags = '\nflags: {warn_error_options: {error: [UnusedResourceConfigPath]}}\n'
    project.write({ 'dbt_project.yml': `${project.read('dbt_project.yml')}${flags}` })
    expect((await run('parse')).code).toBe(2)
  })

  it('is taken when nothing changed, and artifacts are left alone', async () => {
    const { run } = shop()
    expect((await run('parse')).code).toBe(0)
    const cache = changedAt(CACHE)
    const manifest = changedAt('target/manifest.json')
    expect((await run('parse')).code).toBe(0)
    expect(changedAt(CACHE)).toBe(cache)
    expect(changedAt('target/manifest.json')).toBe(manifest)
    // What is not there any more is written again from the cache.
    project.remove('target/manifest.json')
    expect((await run('parse')).code).toBe(0)
    expect(changedAt(CACHE)).toBe(cache)
    expect(Object.keys(project.json<{ nodes: object }>('target/manifest.json').nodes)).toContain('model.test.orders')
  })

  it('keeps the floats of Python', async () => {
    const { run, read } = shop()
    const compiled = async (): Promise<string> => {
      expect((await run('compile')).code).toBe(0)
      return read('target/compiled/test/models/customers.sql')
    }
    const first = await compiled()
    expect(first).toContain("'1.0' as rate")
    const cache = changedAt(CACHE)
    expect(await compiled()).toBe(first)
    expect(changedAt(CACHE)).toBe(cache)
    const shown = await run(
      'show',
      '--inline',
      "select '{{ graph.nodes['model.test.customers'].config.meta.far }}' as far",
    )
    expect(shown.stdout).toContain('inf')
  })

  it('knows where macros begin when it was taken', async () => {
    const { run } = shop()
    project.write({ models: { 'uses.sql': '{% if execute %}{{ moved() }}{% endif %}' } })
    await run('parse')
    const cache = changedAt(CACHE)
    const failed = await run('compile')
    expect(failed.code).not.toBe(0)
    expect(failed.stdout).toContain('moved.sql:3')
    expect(changedAt(CACHE)).toBe(cache)
  })

  it('is not taken after any change of a file, a setting or the environment', async () => {
    const { run, runWith, write } = shop()
    await run('parse')
    const ids = async (): Promise<string[]> =>
      (await run('ls', '--quiet')).stdout.split('\n').filter((line) => line !== '')
    write({ models: { 'late.sql': 'select 2 as id' } })
    expect(await ids()).toContain('test.late')
    project.remove('models/late.sql')
    expect(await ids()).not.toContain('test.late')
    write({ models: { 'orders.sql': "select '{{ var('x', 'a') }}' as id, {{ env_var('N', '1') }} as n" } })
    const code = async (env: Record<string, string>, ...args: string[]): Promise<string> => {
      expect((await runWith(env, 'compile', ...args)).code).toBe(0)
      return project.read('target/compiled/test/models/orders.sql')
    }
    expect(await code({})).toBe("select 'a' as id, 1 as n")
    expect(await code({ N: '2' }, '--vars', '{x: b}')).toBe("select 'b' as id, 2 as n")
  })

  it('is as if it were not there when it is damaged', async () => {
    const { run, read, write } = shop()
    await run('parse')
    const whole = read(CACHE)
    for (const damaged of ['', 'x', whole.slice(0, 200), whole.slice(0, -5), `${whole}more`, `9${whole.slice(1)}`]) {
      write({ [CACHE]: damaged })
      const { code, stdout } = await run('ls', '--quiet')
      expect(code).toBe(0)
      expect(stdout).toContain('test.customers')
    }
    // Written when its time lies before the manifest's: the manifest of the disk is then older than the parse.
    utimesSync(join(project.dir, 'target/manifest.json'), 1, 1)
    await run('parse')
    expect(changedAt('target/manifest.json')).toBeGreaterThan(1000)
  })
})

describe('a large project', () => {
  it('is run from what was kept of its first parse, and it is the same', async () => {
    const models: Record<string, string> = {
      'last.sql': "select '{{ model.config.meta.rate }}' as rate, {{ moved(2) }} as n from {{ ref('m_0') }}",
      'properties.yml': 'models:\n  - name: last\n    config:\n      meta: {rate: 1.0, nothing: null, far: .inf}\n',
    }
    for (let i = 0; i < 300; i++) models[`m_${i}.sql`] = `select ${i} as id`
    project = testProject({ models, macros: { 'moved.sql': '\n{% macro moved(n) %}{{ n }}.0{% endmacro %}' } })
    type Nodes = Record<string, Record<string, unknown>>
    const compiled = async (...flags: string[]): Promise<{ nodes: Nodes; sql: string }> => {
      const { code, stdout } = await project.run('compile', ...flags)
      expect(code, stdout).toBe(0)
      const { nodes } = project.json<{ nodes: Nodes }>('target/manifest.json')
      for (const node of Object.values(nodes)) delete node['created_at']
      return { nodes, sql: project.read('target/compiled/test/models/last.sql') }
    }
    const first = await compiled()
    expect(first.sql).toContain("select '1.0' as rate, 2.0 as n")
    expect(await compiled('--no-partial-parse')).toEqual(first)
  })
})

describe('the parse cache of a profile', () => {
  it('outlives a new password, and nothing else', async () => {
    const profile = (name: string): string =>
      `test:\n  target: dev\n  outputs:\n    dev: {type: postgres, host: nowhere, port: 1, user: me, dbname: ${name}, schema: s, pass: "{{ env_var('PASSWORD') }}"}\n`
    project = testProject({ 'profiles.yml': profile('one'), models: { 'a.sql': 'select 1 as id' } })
    const parse = async (password: string): Promise<string> => {
      const { code, stdout } = await project.runWith({ PASSWORD: password }, 'parse')
      expect(code, stdout).toBe(0)
      return stdout
    }
    expect(await parse('a')).toContain('Unable to do partial parsing because saved manifest not found.')
    const cache = changedAt(CACHE)
    expect(await parse('b')).not.toContain('Unable to do partial parsing')
    expect(changedAt(CACHE)).toBe(cache)
    project.write({ 'profiles.yml': profile('two') })
    expect(await parse('b')).toContain('Unable to do partial parsing because profile has changed')
    expect(project.read('target/partial_parse.plumb')).not.toContain('PASSWORD')
  })
})
