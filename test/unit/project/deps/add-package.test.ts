import { afterEach, beforeEach, expect, it } from 'vitest'
import type { PlumbError } from '../../../../src/core/diagnostic.js'
import { splitVersion } from '../../../../src/project/deps/add-package.js'
import { ROOT_PROJECT, World } from './world.js'

let world: World
beforeEach(async () => {
  world = new World()
  await world.start()
  await world.publish('acme/dbt_tools', { '1.0.0': {}, '1.4.2': {}, '2.0.0': { require_dbt_version: '>=3.0.0' } })
  await world.publish('acme/dbt_tools_extra', { '0.1.0': {} })
})
afterEach(() => world.close())

const project = (files: Record<string, string> = {}): string =>
  world.write('project', { 'dbt_project.yml': ROOT_PROJECT, ...files })

it('makes packages.yml, and installs', async () => {
  project()
  await world.deps({ addPackage: 'acme/dbt_tools@1.0.0' })
  expect(world.read('project/packages.yml')).toBe('packages:\n  - package: acme/dbt_tools\n    version: 1.0.0\n')
  expect(world.read('project/dbt_packages/dbt_tools/macros/m.sql')).toBe('-- 1.0.0\n')
  expect(world.messages().slice(0, 2)).toEqual([
    'Created packages.yml',
    `Added new package acme/dbt_tools@1.0.0 to ${world.path('project/packages.yml')}`,
  ])
})

it('takes the newest major version when none is named', async () => {
  project()
  await world.deps({ addPackage: 'acme/dbt_tools', lockOnly: true })
  expect(world.yaml('project/packages.yml')).toEqual({
    packages: [{ package: 'acme/dbt_tools', version: ['>=1.4.2', '<2.0.0'] }],
  })
})

it('replaces an entry for the same package, whatever its source, and keeps comments and neighbours', async () => {
  project({
    'packages.yml':
      '# ours\npackages:\n  # the tools\n  - git: https://example.com/acme/dbt-tools.git\n    revision: 0.9\n' +
      '  - package: acme/dbt_tools_extra # stays\n    version: 0.1.0\n',
  })
  await world.deps({ addPackage: 'acme/dbt_tools@>=1.0.0,<2.0.0', lockOnly: true })
  expect(world.read('project/packages.yml')).toBe(
    '# ours\npackages:\n  # the tools\n  - package: acme/dbt_tools_extra # stays\n    version: 0.1.0\n' +
      '  - package: acme/dbt_tools\n    version:\n      - ">=1.0.0"\n      - <2.0.0\n',
  )
  const removed = world.events.find((event) => event.name === 'DepsFoundDuplicatePackage')
  expect(removed?.data['removed_package']).toEqual({ git: 'https://example.com/acme/dbt-tools.git', revision: 0.9 })
})

it('adds folders and repositories', async () => {
  world.write('a', { 'dbt_project.yml': 'name: a\n' })
  project({ 'packages.yml': 'packages: []\n' })
  await world.deps({ addPackage: '../a', source: 'local' })
  expect(world.read('project/packages.yml')).toBe('packages:\n  - local: ../a\n')
  const git = world.repository('tools', [{ files: { 'dbt_project.yml': 'name: tools\n' }, tag: 'v1' }])
  await world.deps({ addPackage: `file://${git}@v1`, source: 'git' })
  expect(world.yaml('project/packages.yml')).toEqual({
    packages: [{ local: '../a' }, { git: `file://${git}`, revision: 'v1' }],
  })
})

it('keeps to YAML 1.1, and to files that hold no list yet', async () => {
  world.write('a', { 'dbt_project.yml': 'name: a\n' })
  project({ 'packages.yml': '# nothing yet\n' })
  await world.deps({ addPackage: '../a', source: 'local', lockOnly: true })
  expect(world.read('project/packages.yml')).toBe('# nothing yet\npackages:\n  - local: ../a\n')
  const git = world.repository('tools', [{ files: { 'dbt_project.yml': 'name: tools\n' }, tag: 'yes' }])
  await world.deps({ addPackage: `file://${git}@yes`, source: 'git', lockOnly: true })
  expect(world.read('project/packages.yml')).toContain('revision: "yes"')
})

it('refuses what it cannot add and leaves the file alone', async () => {
  project({ 'packages.yml': 'packages:\n  - local: ../a\n' })
  for (const name of ['tools', 'acme/nothing']) {
    const error = (await world.deps({ addPackage: name }).catch((thrown: unknown) => thrown)) as PlumbError
    expect(error.first.code).toBe('package-not-in-index')
  }
  expect(world.read('project/packages.yml')).toBe('packages:\n  - local: ../a\n')
})

it.each([
  ['acme/tools@1.0', 'acme/tools', '1.0'],
  ['acme/tools', 'acme/tools', null],
  ['git@github.com:acme/tools.git', 'git@github.com:acme/tools.git', null],
  ['git@github.com:acme/tools.git@v1', 'git@github.com:acme/tools.git', 'v1'],
  ['https://tok@github.com/acme/tools', 'https://tok@github.com/acme/tools', null],
])('splits %s', (given, name, version) => {
  expect(splitVersion(given)).toEqual({ name, version })
})
