import { existsSync, lstatSync, readdirSync, readlinkSync, realpathSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PlumbError } from '../../../../src/core/diagnostic.js'
import { ROOT_PROJECT, World } from './world.js'

let world: World
beforeEach(async () => {
  world = new World()
  await world.start()
})
afterEach(() => world.close())

function project(packages: string, more: Record<string, string> = {}): void {
  world.write('project', { 'dbt_project.yml': ROOT_PROJECT, 'packages.yml': packages, ...more })
}

async function fault(run: Promise<unknown>): Promise<PlumbError> {
  const error = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof PlumbError)) throw new Error(`expected a PlumbError, got ${String(error)}`)
  return error
}

const installed = (): string[] => readdirSync(world.path('project/dbt_packages')).sort()

describe('hub packages', () => {
  it('installs a version and what it needs, and locks them', async () => {
    await world.publish('acme/tools', {
      '1.0.0': { packages: [{ package: 'acme/base', version: ['>=0.1.0', '<0.3.0'] }] },
    })
    await world.publish('acme/base', { '0.1.0': {}, '0.2.5': {}, '0.3.0': {} })
    project('packages:\n  - package: acme/tools\n    version: 1.0.0\n')
    await world.deps()
    expect(installed()).toEqual(['base', 'tools'])
    expect(world.read('project/dbt_packages/base/macros/m.sql')).toBe('-- 0.2.5\n')
    expect(world.yaml('project/package-lock.yml')).toEqual({
      packages: [
        { name: 'tools', package: 'acme/tools', version: '1.0.0' },
        { name: 'base', package: 'acme/base', version: '0.2.5' },
      ],
      sha1_hash: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
    })
    expect(world.messages()).toEqual([
      `Updating lock file in file path: ${world.path('project/package-lock.yml')}`,
      'Installing acme/tools',
      'Installed from version 1.0.0',
      'Up to date!',
      'Installing acme/base',
      'Installed from version 0.2.5',
      'Updated version available: 0.3.0',
      "Updates available for packages: ['acme/base']\nUpdate your versions in packages.yml, then run dbt deps",
    ])
    // The list of all names is not asked for.
    expect(world.requests.filter((url) => url.includes('index'))).toEqual([])
  })

  it('keeps the locked version until asked to upgrade, or packages.yml changes', async () => {
    await world.publish('acme/base', { '0.1.0': {} })
    project('packages:\n  - package: acme/base\n    version: [">=0.1.0", "<1.0.0"]\n')
    await world.deps()
    await world.publish('acme/base', { '0.1.0': {}, '0.2.0': {} })
    await world.deps()
    expect(world.read('project/dbt_packages/base/macros/m.sql')).toBe('-- 0.1.0\n')
    await world.deps({ upgrade: true, lockOnly: true })
    expect(world.read('project/package-lock.yml')).toContain('version: 0.2.0')
    expect(world.read('project/dbt_packages/base/macros/m.sql')).toBe('-- 0.1.0\n')
    await world.deps()
    expect(world.read('project/dbt_packages/base/macros/m.sql')).toBe('-- 0.2.0\n')
    world.write('project', { 'packages.yml': 'packages:\n  - package: acme/base\n    version: 0.1.0\n' })
    await world.deps()
    expect(world.read('project/package-lock.yml')).toContain('version: 0.1.0')
  })

  it('leaves out pre-releases and versions that do not accept us, unless asked', async () => {
    await world.publish('acme/base', {
      '0.1.0': {},
      '0.2.0': { require_dbt_version: ['>=2.0.0'] },
      '0.3.0-rc1': {},
    })
    project('packages:\n  - package: acme/base\n    version: ">=0.1.0"\n')
    await world.deps()
    expect(world.read('project/package-lock.yml')).toContain('version: 0.1.0')
    await world.deps({ upgrade: true, versionCheck: false })
    expect(world.read('project/package-lock.yml')).toContain('version: 0.2.0')
    project('packages:\n  - package: acme/base\n    version: ">=0.1.0"\n    install_prerelease: true\n')
    await world.deps()
    expect(world.read('project/package-lock.yml')).toContain('version: 0.3.0-rc1')
  })

  it('says which versions exclude each other', async () => {
    await world.publish('acme/tools', { '1.0.0': { packages: [{ package: 'acme/base', version: '0.2.0' }] } })
    await world.publish('acme/base', { '0.1.0': {}, '0.2.0': {} })
    project('packages:\n  - package: acme/tools\n    version: 1.0.0\n  - package: acme/base\n    version: 0.1.0\n')
    const { first } = await fault(world.deps())
    expect(first.kind).toBe('dependency')
    expect(first.message).toBe(
      "Version error for package acme/base: Could not find a satisfactory version from options: ['=0.1.0', '=0.2.0']",
    )
    expect(existsSync(world.path('project/package-lock.yml'))).toBe(false)
  })

  it('says which versions there are', async () => {
    await world.publish('acme/base', { '0.1.0': {}, '0.2.0': {} })
    project('packages:\n  - package: acme/base\n    version: 0.9.0\n')
    const { first } = await fault(world.deps())
    expect(first.code).toBe('version-not-found')
    expect(first.message).toContain(
      "Could not find a matching compatible version for package acme/base\n  Requested range: =0.9.0, =0.9.0\n  Compatible versions: ['0.1.0', '0.2.0']",
    )
  })

  it('knows what was meant by an unknown name', async () => {
    world.serve('/api/v1/index.json', JSON.stringify(['acme/base', 'acme/tools']))
    project('packages:\n  - package: acme/bace\n    version: 1.0.0\n')
    const { first } = await fault(world.deps())
    expect(first.message).toBe('Package acme/bace was not found in the package index')
    expect(first.hint).toBe("did you mean 'acme/base'?")
  })

  it('tells of a package that moved', async () => {
    await world.publish('old/base', { '1.0.0': {} })
    const answer = { name: 'base', namespace: 'old', redirectnamespace: 'new', versions: {} }
    project('packages:\n  - package: old/base\n    version: 1.0.0\n')
    const served = JSON.parse(await (await fetch(`${world.url}api/v1/old/base.json`)).text()) as { versions: object }
    world.serve('/api/v1/old/base.json', JSON.stringify({ ...answer, versions: served.versions }))
    await world.deps()
    const warning = world.events.find((event) => event.name === 'PackageRedirectDeprecation')
    expect(warning?.data).toEqual({ old_name: 'old/base', new_name: 'new/base' })
  })

  it('tries again when the hub is busy', async () => {
    await world.publish('acme/base', { '0.1.0': {} })
    const body = await (await fetch(`${world.url}api/v1/acme/base.json`)).text()
    world.serveFlaky('/api/v1/acme/base.json', 2, body)
    project('packages:\n  - package: acme/base\n    version: 0.1.0\n')
    await world.deps()
    expect(installed()).toEqual(['base'])
  })

  it('keeps what was installed when a download fails', async () => {
    await world.publish('acme/base', { '0.1.0': {}, '0.2.0': {} })
    project('packages:\n  - package: acme/base\n    version: 0.1.0\n')
    await world.deps()
    world.serve('/tar/acme/base/0.2.0.tar.gz', 'gone', 404)
    project('packages:\n  - package: acme/base\n    version: 0.2.0\n')
    const { first } = await fault(world.deps())
    expect(first.code).toBe('download-failed')
    expect(world.read('project/dbt_packages/base/macros/m.sql')).toBe('-- 0.1.0\n')
    expect(readdirSync(world.path('project')).sort()).toEqual([
      'dbt_packages',
      'dbt_project.yml',
      'package-lock.yml',
      'packages.yml',
    ])
  })

  it('refuses an archive that is none', async () => {
    await world.publish('acme/base', { '0.1.0': {} })
    world.serve('/tar/acme/base/0.1.0.tar.gz', 'this is not an archive')
    project('packages:\n  - package: acme/base\n    version: 0.1.0\n')
    expect((await fault(world.deps())).first.code).toBe('archive-broken')
  })
})

describe('local packages', () => {
  it('links the folder, and resolves what it needs', async () => {
    world.write('shared', { 'dbt_project.yml': 'name: shared\n', 'packages.yml': 'packages:\n  - local: ../more\n' })
    world.write('more', { 'dbt_project.yml': 'name: more\n' })
    project('packages:\n  - local: ../shared\n')
    await world.deps()
    expect(installed()).toEqual(['more', 'shared'])
    expect(lstatSync(world.path('project/dbt_packages/shared')).isSymbolicLink()).toBe(true)
    expect(realpathSync(world.path('project/dbt_packages/shared'))).toBe(realpathSync(world.path('shared')))
    expect(readlinkSync(world.path('project/dbt_packages/more'))).toBe(world.path('more'))
    expect(world.read('project/package-lock.yml')).toMatch(
      /^packages:\n {2}- local: \.\.\/shared\n {4}name: shared\n {2}- local: \.\.\/more\n {4}name: more\nsha1_hash: [0-9a-f]{40}\n$/,
    )
  })

  it('refuses two projects of one name, and the root project itself', async () => {
    world.write('a', { 'dbt_project.yml': 'name: same\n' })
    world.write('b', { 'dbt_project.yml': 'name: same\n' })
    project('packages:\n  - local: ../a\n  - local: ../b\n')
    const twice = await fault(world.deps())
    expect(twice.first.message).toBe(
      'Found duplicate project "same". This occurs when a dependency has the same project name as some other dependency.',
    )
    world.write('c', { 'dbt_project.yml': 'name: shop\n' })
    project('packages:\n  - local: ../c\n')
    expect((await fault(world.deps())).first.message).toContain(
      'Found a dependency with the same name as the root project "shop".',
    )
  })

  it('refuses a name that leaves the install path', async () => {
    world.write('evil', { 'dbt_project.yml': 'name: ../../evil\n' })
    project('packages:\n  - local: ../evil\n')
    expect((await fault(world.deps())).first.code).toBe('package-name-invalid')
  })

  it('says where a project is missing', async () => {
    project('packages:\n  - local: ../nowhere\n')
    expect((await fault(world.deps())).first.message).toContain('No dbt_project.yml found at expected path')
  })
})

describe('packages.yml', () => {
  it('says so when it is empty, and forgets an old lock', async () => {
    world.write('a', { 'dbt_project.yml': 'name: a\n' })
    project('packages:\n  - local: ../a\n')
    await world.deps()
    project('packages: []\n')
    await world.deps()
    expect(world.messages().at(-1)).toBe('Warning: No packages were found in packages.yml')
    expect(installed()).toEqual([])
    expect(existsSync(world.path('project/package-lock.yml'))).toBe(false)
  })

  it('may be dependencies.yml', async () => {
    world.write('a', { 'dbt_project.yml': 'name: a\n' })
    world.write('project', {
      'dbt_project.yml': ROOT_PROJECT,
      'dependencies.yml': 'projects:\n  - name: other\npackages:\n  - local: ../a\n',
    })
    await world.deps()
    expect(installed()).toEqual(['a'])
  })

  it('clears away what a killed process left', async () => {
    world.write('a', { 'dbt_project.yml': 'name: a\n' })
    project('packages:\n  - local: ../a\n', {
      'dbt_packages.installing-99999999/x': '',
      'dbt_packages.replaced-99999999/x': '',
      [`dbt_packages.installing-${process.ppid}/x`]: '',
    })
    await world.deps()
    const beside = readdirSync(world.path('project')).filter((name) => name.startsWith('dbt_packages'))
    // That of a process that is still at work stays.
    expect(beside.sort()).toEqual(['dbt_packages', `dbt_packages.installing-${process.ppid}`])
  })

  it('can name the install path and use vars that are not there', async () => {
    world.write('a', { 'dbt_project.yml': 'name: a\n' })
    world.write('project', {
      'dbt_project.yml': `${ROOT_PROJECT}packages-install-path: "{{ env_var('INTO', 'lib') }}"\nmodels:\n  +schema: "{{ var('nope') }}"\n  +enabled: "{{ target.name == 'x' }}"\n`,
      'packages.yml': 'packages:\n  - local: ../a\n',
    })
    await world.deps()
    expect(readdirSync(world.path('project/lib'))).toEqual(['a'])
  })
})
