import { afterEach, beforeEach, expect, it } from 'vitest'
import { fail } from '../../../src/core/diagnostic.js'
import { PROFILES, ProjectFolder } from './project-folder.js'

let folder: ProjectFolder
beforeEach(() => {
  folder = new ProjectFolder()
})
afterEach(() => folder.remove())

const placed = async (options = {}) =>
  (await folder.fault(options)).diagnostics.map(({ at, hint, message }) => [
    at && `${at.file}:${at.line}:${at.column}`,
    message.split('\n')[0],
    hint,
  ])

it('independent faults are reported together, each with place and hint', async () => {
  folder.write({
    'dbt_project.yml': 'name: my-shop\nprofile: p\nmodel-paths: models\nsead-paths: [x]\nmodels:\n  +schema: x\n',
    'profiles.yml': 'p:\n  target: dve\n  outputs:\n    dev: {type: duckdb}\n',
    'packages.yml': 'packages:\n  - git: x\n    revison: 1\n  - package: utils\n    version: 1.0.0\n',
    'selectors.yml':
      'selectors:\n  - name: a\n    definition: tagg:x\n  - name: b\n    definition:\n      union:\n        - method: selector\n          value: aa\n',
  })
  const faults = await placed()
  expect(faults.map(([place, , hint]) => [place, hint])).toEqual([
    ['profiles.yml:3:3', "did you mean 'dev'?"],
    ['dbt_project.yml:3:14', undefined],
    ['dbt_project.yml:1:7', 'a project name has letters, digits and underscores and begins with no digit'],
    ['dbt_project.yml:4:1', "did you mean 'seed-paths' or 'test-paths'?"],
    ['packages.yml:2:5', "did you mean 'revision'?"],
    ['packages.yml:4:5', undefined],
    ['selectors.yml:3:17', "did you mean 'tag'?"],
    ['selectors.yml:8:18', "did you mean 'a'?"],
  ])
})

it('faults of templates point into the text', async () => {
  folder.write({
    'dbt_project.yml':
      'name: shop\nprofile: p\nmodels:\n  shop:\n    +schema: "{{ targt.schema }}"\n    +tags: ["x", "a_{{ env_var(\'TAGG\') }}"]\n',
    'profiles.yml': PROFILES,
  })
  expect(await placed({ env: { TAG: '1' } })).toEqual([
    ['dbt_project.yml:5:18', "Could not render {{ targt.schema }}: 'targt' is undefined", "did you mean 'target'?"],
    ['dbt_project.yml:6:24', "Env var required but not provided: 'TAGG'", "did you mean 'TAG'?"],
  ])
})

it('without a profile, what hangs on it is not held against the project', async () => {
  folder.write({
    'dbt_project.yml': 'name: shop\nprofile: q\nunknown: 1\n',
    'profiles.yml': PROFILES,
  })
  expect((await placed()).map(([, message]) => message)).toEqual([
    "Could not find profile named 'q'",
    "at path []: Additional properties are not allowed ('unknown' was unexpected)",
  ])
  folder.write({ 'dbt_project.yml': 'name: shop\nprofile: q\nmodels: {+enabled: "{{ target.nope.more() }}"}\n' })
  expect(await placed()).toHaveLength(1)
})

it('credentials the warehouse refuses are reported with the rest', async () => {
  folder.write({ 'dbt_project.yml': 'name: shop\nprofile: p\nbad: 1\n', 'profiles.yml': PROFILES })
  const describeTarget = (): never => fail('profile', 'credentials', 'no such thing')
  expect((await placed({ describeTarget })).map(([, message]) => message)).toEqual([
    'no such thing',
    "at path []: Additional properties are not allowed ('bad' was unexpected)",
  ])
})

it.each([
  ['a: {{ x }}', '3:5', /quotes around a value that begins with Jinja/],
  ['a: b: c', '3:5', /quote a value that contains ': '/],
  ['\ta: 1', '3:1', /indent with spaces/],
  ['a: `x`', '3:4', /quotes around a value that begins with/],
  ['a: *nope', '3:4', undefined],
  ['a: 2024-02-30', '3:4', undefined],
])('a YAML fault says where and what to do: %j', async (line, place, hint) => {
  folder.write({ 'dbt_project.yml': `name: shop\nprofile: p\n${line}\n`, 'profiles.yml': PROFILES })
  const { first } = await folder.fault()
  expect(first.code).toBe('yaml-syntax')
  expect(first.message).toMatch(/^Syntax error near line 3\n/)
  expect(`${first.at?.line}:${first.at?.column}`).toBe(place)
  if (hint === undefined) expect(first.hint).toBeUndefined()
  else expect(first.hint).toMatch(hint)
})

it('keys that stand twice and old names of keys are warned of', async () => {
  folder.write({
    'dbt_project.yml':
      'name: shop\nprofile: p\nsource-paths: [m]\ndata-paths: [d]\nlog-path: l\ntarget-path: target\nvars: {a: 1, a: 2}\n',
    'profiles.yml': PROFILES,
  })
  const { root } = await folder.load()
  expect(root.config.modelPaths).toEqual(['m'])
  expect(root.config.vars).toEqual({ a: 2 })
  const warnings = folder.events.filter((event) => event.level === 'warn')
  expect(warnings.map((event) => [event.name, event.code])).toEqual([
    ['DuplicateYAMLKeysDeprecation', 'D024'],
    ['ConfigSourcePathDeprecation', 'D003'],
    ['ConfigDataPathDeprecation', 'D004'],
    ['ConfigLogPathDeprecation', 'D010'],
  ])
  expect(warnings[0]?.data['duplicate_description']).toBe(
    'Duplicate key \'a\' in "<unicode string>", line 7, column 14',
  )
})

it('profiles: secrets, passwords that look like templates, nothing of other targets', async () => {
  folder.write({
    'dbt_project.yml':
      'name: shop\nprofile: p\nmodels: {+schema: "{{ target.user }}", +meta: {t: "{{ target.password }}"}}\n',
    'profiles.yml':
      "p:\n  target: dev\n  outputs:\n    dev:\n      type: postgres\n      user: \"{{ env_var('DBT_ENV_SECRET_U') }}-{{ env_var('DBT_ENV_SECRET_V') }}\"\n" +
      '      password: "a{{b%}"\n      threads: "{{ env_var(\'N\') | int }}"\n    prod:\n      type: "{{ env_var(\'UNSET\') }}"\n',
  })
  const env = { DBT_ENV_SECRET_U: 'ann', DBT_ENV_SECRET_V: 'x', N: '3' }
  const project = await folder.load({ env })
  expect(project.profile).toMatchObject({
    profileName: 'p',
    targetName: 'dev',
    threads: 3,
    output: { type: 'postgres', user: 'ann-x', password: 'a{{b%}', threads: 3 },
  })
  // Passwords are not part of `target`.
  expect(project.root.config.configTrees.models).toEqual({ '+schema': 'ann-x', '+meta': { t: '' } })
  // What comes of them counts, not they themselves.
  expect([...project.envVarsUsed.keys()]).toEqual([])
  expect((await folder.fault({ env, targetName: 'prod' })).first.message).toBe(
    "Env var required but not provided: 'UNSET'",
  )
})

it('profile, target and threads can be given from outside', async () => {
  folder.write({
    'dbt_project.yml': 'name: shop\nprofile: p\n',
    'other/profiles.yml':
      'p: {target: a, outputs: {a: {type: duckdb}, b: {type: duckdb, threads: 2}}}\nq: {outputs: {default: {type: duckdb}}}\n',
  })
  const given = { profilesDir: `${folder.root}/other` }
  expect((await folder.load({ ...given, targetName: 'b' })).profile).toMatchObject({ targetName: 'b', threads: 2 })
  expect((await folder.load({ ...given, env: { DBT_TARGET: 'b' }, threads: 9 })).profile?.threads).toBe(9)
  expect((await folder.load({ ...given, env: { DBT_PROFILE: 'q' } })).profile?.profileName).toBe('q')
  expect((await folder.load({ ...given, profileName: 'q', env: { DBT_PROFILE: 'p' } })).profile?.targetName).toBe(
    'default',
  )
  expect((await folder.load({ env: { DBT_PROFILES_DIR: 'other' } })).profile?.targetName).toBe('a')
  const { first } = await folder.fault()
  expect(first.hint).toContain('there is no profiles.yml in /nowhere/.dbt')
})
