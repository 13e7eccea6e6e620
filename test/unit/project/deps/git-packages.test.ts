import { existsSync, readdirSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { PlumbError } from '../../../../src/core/diagnostic.js'
import { ROOT_PROJECT, World } from './world.js'

let world: World
beforeEach(async () => {
  world = new World()
  await world.start()
})
afterEach(() => world.close())

const files = (note: string, name = 'tools'): Record<string, string> => ({
  'dbt_project.yml': `name: ${name}\n`,
  'macros/m.sql': note,
})

function project(packages: string): void {
  world.write('project', { 'dbt_project.yml': ROOT_PROJECT, 'packages.yml': packages })
}

const lockedRevision = (): string | undefined => /revision: (\w+)/.exec(world.read('project/package-lock.yml'))?.[1]

it.each(['file', 'path'])('checks out tags, branches and commits (by %s)', async (how) => {
  const folder = world.repository('tools', [
    { files: files('one'), tag: '1.0' },
    { files: files('two'), tag: 'v2' },
    { files: files('three') },
  ])
  world.git(folder, 'branch', 'side', 'v2')
  const git = how === 'file' ? `file://${folder}` : folder
  const commit = world.git(folder, 'rev-parse', 'v2')
  for (const [revision, note] of [
    ['1.0', 'one'],
    ['side', 'two'],
    [commit, 'two'],
    [commit.slice(0, 10), 'two'],
    ['main', 'three'],
  ]) {
    project(`packages:\n  - git: "${git}"\n    revision: "${revision}"\n`)
    await world.deps()
    expect(world.read('project/dbt_packages/tools/macros/m.sql')).toBe(note)
    expect(lockedRevision()).toMatch(/^[0-9a-f]{40}$/)
  }
})

it('takes a tag where a branch has the same name', async () => {
  const folder = world.repository('tools', [{ files: files('tagged'), tag: 'same' }, { files: files('main') }])
  world.git(folder, 'checkout', '-q', '-b', 'same')
  world.write('repos/tools', files('branch'))
  world.git(folder, 'commit', '-q', '-a', '-m', 'x')
  world.git(folder, 'checkout', '-q', 'main')
  project(`packages:\n  - git: "file://${folder}"\n    revision: same\n`)
  await world.deps()
  expect(world.read('project/dbt_packages/tools/macros/m.sql')).toBe('tagged')
})

it('warns of what is not pinned, once, unless told not to', async () => {
  const folder = world.repository('tools', [{ files: files('x') }])
  project(`packages:\n  - git: "file://${folder}"\n`)
  await world.deps()
  const warnings = world.events.filter((event) => event.name === 'DepsUnpinned')
  expect(warnings.map((event) => event.msg.split('\n')[1])).toEqual(['\tis not pinned, using HEAD (default branch).'])
  project(`packages:\n  - git: "file://${folder}"\n    revision: main\n    warn-unpinned: false\n`)
  await world.deps()
  expect(world.events.filter((event) => event.name === 'DepsUnpinned')).toHaveLength(1)
})

it('installs a folder of a repository', async () => {
  const folder = world.repository('mono', [
    {
      files: {
        'readme.md': 'x',
        'pkgs/tools/dbt_project.yml': 'name: tools\n',
        'pkgs/tools/macros/m.sql': 'sub',
        'other/big.sql': 'y',
      },
    },
  ])
  world.git(folder, 'config', 'uploadpack.allowFilter', 'true')
  project(
    `packages:\n  - git: "file://${folder}"\n    revision: main\n    warn-unpinned: false\n    subdirectory: pkgs/tools\n`,
  )
  await world.deps()
  expect(readdirSync(world.path('project/dbt_packages/tools')).sort()).toEqual(['dbt_project.yml', 'macros'])
  expect(world.read('project/package-lock.yml')).toContain('    subdirectory: pkgs/tools\n')
  expect(world.messages()).toContain('and subdirectory pkgs/tools')
  await world.deps()
  expect(world.read('project/dbt_packages/tools/macros/m.sql')).toBe('sub')
})

it('merges requests for one repository, with and without .git, and refuses two revisions', async () => {
  const folder = world.repository('tools.git', [
    { files: files('one'), tag: '1.0' },
    { files: files('two'), tag: '2.0' },
  ])
  world.write('a', {
    'dbt_project.yml': 'name: a\n',
    'packages.yml': `packages:\n  - git: "file://${folder}"\n    revision: "1.0"\n`,
  })
  project(`packages:\n  - git: "file://${folder}"\n    revision: 1.0\n  - local: ../a\n`)
  await world.deps()
  expect(readdirSync(world.path('project/dbt_packages')).sort()).toEqual(['a', 'tools'])
  project(`packages:\n  - git: "file://${folder}"\n    revision: 2.0\n  - local: ../a\n`)
  const error = await world.deps().catch((thrown: unknown) => thrown)
  expect((error as PlumbError).first.message).toBe(
    `git dependencies should contain exactly one version. file://${folder} contains: {'2.0', '1.0'}`,
  )
})

it('never shows a secret, and locks the address as it was written', async () => {
  const folder = world.repository('tools', [{ files: files('x'), tag: 'v1' }])
  const env = { DBT_ENV_SECRET_PLACE: folder }
  const written = `file://{{ env_var('DBT_ENV_SECRET_PLACE') }}`
  project(`packages:\n  - git: "${written}"\n    revision: v1\n`)
  await world.deps({ env })
  expect(world.read('project/package-lock.yml')).toContain(`  - git: file://{{ env_var('DBT_ENV_SECRET_PLACE') }}\n`)
  expect(JSON.stringify(world.events)).not.toContain(folder)
  await world.deps({ env })
  expect(world.read('project/dbt_packages/tools/macros/m.sql')).toBe('x')
  project(`packages:\n  - git: "${written}"\n    revision: nope\n`)
  const error = await world.deps({ env }).catch((thrown: unknown) => thrown)
  expect((error as PlumbError).first.message).toContain("Error checking out spec='nope' for repo file://*****")
  expect((error as PlumbError).first.message).not.toContain(folder)
})

it('says what git said, and what to do', async () => {
  project(`packages:\n  - git: "file://${world.path('nowhere')}"\n    revision: v1\n`)
  const error = (await world.deps().catch((thrown: unknown) => thrown)) as PlumbError
  expect(error.first.code).toBe('git-checkout')
  expect(error.first.message).toContain('does not appear to be a git repository')
  project('packages:\n  - git: "--upload-pack=touch /tmp/x"\n')
  expect(((await world.deps().catch((thrown: unknown) => thrown)) as PlumbError).first.message).toContain(
    'is no name git should be given',
  )
})

it('works without git being there only for what needs it', async () => {
  project('packages:\n  - git: "file:///nowhere"\n')
  const error = (await world.deps({ env: { PATH: '/nowhere' } }).catch((thrown: unknown) => thrown)) as PlumbError
  expect(error.first.code).toBe('git-missing')
})

it('finds private packages by provider', async () => {
  const folder = world.repository('private', [{ files: files('private'), tag: 'v1' }])
  project('packages:\n  - private: acme/tools\n    provider: gitlab\n    revision: v1\n')
  const env = {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `url.file://${folder}.insteadOf`,
    GIT_CONFIG_VALUE_0: 'git@gitlab.com:acme/tools.git',
  }
  await world.deps({ env })
  expect(world.read('project/dbt_packages/tools/macros/m.sql')).toBe('private')
  expect(world.read('project/package-lock.yml')).toMatch(
    / {2}- name: tools\n {4}private: acme\/tools\n {4}provider: gitlab\n {4}revision: [0-9a-f]{40}\n/,
  )
  await world.deps({ env })
  expect(existsSync(world.path('project/dbt_packages/tools'))).toBe(true)
})
