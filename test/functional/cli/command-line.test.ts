import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestProject, testProject } from '../../support/project.js'

let project: TestProject
beforeAll(() => {
  project = testProject({
    models: {
      'a.sql': 'select 1 as id',
      'b.sql': "select * from {{ ref('a') }}",
      'schema.yml': 'models:\n  - name: a\n    columns:\n      - name: id\n        data_tests: [unique, not_null]\n',
    },
  })
})
afterAll(() => project.dispose())

describe('the command line', () => {
  it('says its version without loading the tool', async () => {
    const { code, stdout } = await project.run('--version')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^plumb \d+\.\d+\.\d+\n$/)
  })

  it('lists its commands', async () => {
    const { code, stdout } = await project.run('--help')
    expect(code).toBe(0)
    for (const command of ['build', 'run', 'test', 'source freshness', 'docs generate', 'init'])
      expect(stdout).toContain(`  ${command} `)
  })

  it('explains every command', async () => {
    const { stdout } = await project.run('--help')
    const commands = [...stdout.matchAll(/^ {2}([a-z][a-z -]*?) {2,}/gm)].map((m) => m[1]!)
    expect(commands.length).toBeGreaterThan(15)
    for (const command of commands) {
      const help = await project.run(...command.split(' '), '--help')
      expect(help.code, command).toBe(0)
      expect(help.stdout, command).toContain(`Usage: plumb ${command} `)
      expect(help.stdout, command).toContain('Options:')
    }
  }, 120_000)

  it('ends with 2 and a near name for a command that is none', async () => {
    const { code, stderr } = await project.run('biuld')
    expect(code).toBe(2)
    expect(stderr).toContain("Error: No such command 'biuld'.")
    expect(stderr).toContain("did you mean 'build'?")
  })

  it('ends with 2 and a near name for an option that is none', async () => {
    const { code, stderr } = await project.run('run', '--selct', 'a')
    expect(code).toBe(2)
    expect(stderr).toContain('Error: No such option: --selct')
    expect(stderr).toContain("did you mean '--select'?")
  })

  it('takes global options before and after the command', async () => {
    const before = await project.run('--quiet', 'ls')
    const after = await project.run('ls', '--quiet')
    expect(before.stdout).toBe(after.stdout)
    expect(before.stdout.split('\n').filter(Boolean).sort()).toEqual([
      'test.a',
      'test.b',
      'test.not_null_a_id',
      'test.unique_a_id',
    ])
  })

  it('takes options from the environment, the command line being stronger', async () => {
    const quiet = await project.runWith({ DBT_QUIET: '1' }, 'ls', '--resource-type', 'model')
    expect(quiet.stdout).toBe('test.a\ntest.b\n')
    const loud = await project.runWith({ DBT_QUIET: '1' }, 'ls', '--no-quiet', '--resource-type', 'model')
    expect(loud.stdout).toContain('Running with')
  })

  it('refuses an environment value that is no boolean', async () => {
    const { code, stderr } = await project.runWith({ DBT_FULL_REFRESH: 'perhaps' }, 'run')
    expect(code).toBe(2)
    expect(stderr).toContain("Invalid value for '--full-refresh': 'perhaps' is not a valid boolean.")
  })

  it('writes JSON lines in the shape of dbt', async () => {
    const { code, stdout } = await project.run('run', '--log-format', 'json')
    expect(code).toBe(0)
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { info: Record<string, unknown>; data: Record<string, unknown> })
    for (const event of events) {
      expect(Object.keys(event.info)).toEqual(
        expect.arrayContaining([
          'name',
          'code',
          'level',
          'msg',
          'ts',
          'invocation_id',
          'pid',
          'thread',
          'category',
          'extra',
        ]),
      )
    }
    const names = events.map((e) => e.info['name'])
    for (const name of ['MainReportVersion', 'LogStartLine', 'LogModelResult', 'FinishedRunningStats', 'StatsLine'])
      expect(names).toContain(name)
    const result = events.find((e) => e.info['name'] === 'LogModelResult')
    expect(result?.data['node_info']).toMatchObject({
      unique_id: 'model.test.a',
      materialized: 'view',
      resource_type: 'model',
    })
  })

  it('reads --vars as YAML and refuses what is no mapping', async () => {
    project.write({ models: { 'v.sql': "select '{{ var('word', 'none') }}' as word" } })
    const shown = await project.run('show', '--quiet', '-s', 'v', '--vars', 'word: hello', '--output', 'json')
    expect(shown.code).toBe(0)
    expect(shown.stdout).toContain('"hello"')
    const wrong = await project.run('run', '--vars', '[1, 2]')
    expect(wrong.code).toBe(2)
    project.remove('models/v.sql')
  })

  it('finds the project from a folder inside of it', async () => {
    const { runPlumb } = await import('../../support/project.js')
    const { code, stdout } = await runPlumb(`${project.dir}/models`, ['ls', '-q', '--resource-type', 'model'], {
      DBT_PROFILES_DIR: project.dir,
    })
    expect(code).toBe(0)
    expect(stdout).toBe('test.a\ntest.b\n')
  })

  it('prints without colours when nobody watches', async () => {
    const { stdout } = await project.run('run')
    expect(stdout).not.toContain('\u001b[')
  })

  it('lists as JSON with chosen keys, nested ones too', async () => {
    const { stdout } = await project.run(
      'ls',
      '-q',
      '-s',
      'a',
      '--resource-type',
      'model',
      '--output',
      'json',
      '--output-keys',
      'name',
      'config.materialized',
    )
    expect(stdout).toBe('{"name": "a", "config.materialized": "view"}\n')
  })

  it('lists the numbers and letters of JSON as Python writes them', async () => {
    const meta = '{rate: 1.0, far: .inf, small: 1.0e-7, word: é}'
    project.write({
      models: { 'm.sql': 'select 1', 'p.yml': `models:\n  - name: m\n    config:\n      meta: ${meta}\n` },
    })
    const keys = ['--output', 'json', '--output-keys', 'config.meta']
    const { stdout } = await project.run('ls', '-q', '-s', 'm', '--resource-type', 'model', ...keys)
    expect(stdout).toBe('{"config.meta": {"rate": 1.0, "far": Infinity, "small": 1e-07, "word": "\\u00e9"}}\n')
    project.remove('models/p.yml')
    project.remove('models/m.sql')
  })
})
