import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { packageVars, resolveVars } from '../../../src/project/index.js'
import { PROFILES, ProjectFolder } from './project-folder.js'

let folder: ProjectFolder
beforeEach(() => {
  folder = new ProjectFolder()
})
afterEach(() => folder.remove())

const project = (text = ''): ProjectFolder =>
  folder.write({ 'dbt_project.yml': `name: shop\nprofile: p\n${text}`, 'profiles.yml': PROFILES })

describe('packages', () => {
  it('are found in the install path, behind the built-in ones', async () => {
    project('quoting: {identifier: false}\n').write({
      'dbt_packages/zeta/dbt_project.yml': 'name: zeta\nquoting: {schema: true}\n',
      'dbt_packages/alpha/dbt_project.yml': 'name: alpha\nmodel-paths: ["{{ target.name }}"]\n',
      'dbt_packages/__pycache__/x': '',
      'dbt_packages/readme.md': '',
      'builtin/dbt_project.yml': 'name: dbt\nmacro-paths: [macros]\n',
      'elsewhere/dbt_project.yml': 'name: linked\n',
    })
    symlinkSync(join(folder.root, 'elsewhere'), join(folder.root, 'dbt_packages/linked'))
    const asked: string[] = []
    const { packages } = await folder.load({
      builtinMacros: (type) => {
        asked.push(type)
        return [{ name: 'dbt', root: join(folder.root, 'builtin') }]
      },
    })
    expect(asked).toEqual(['duckdb'])
    expect([...packages.values()].map(({ name, kind }) => [name, kind])).toEqual([
      ['shop', 'root'],
      ['dbt', 'builtin'],
      ['alpha', 'installed'],
      ['linked', 'installed'],
      ['zeta', 'installed'],
    ])
    expect(packages.get('alpha')?.config.modelPaths).toEqual(['dev'])
    // The root's quoting holds for all.
    expect(packages.get('zeta')?.config.quoting).toEqual({ identifier: false })
  })

  it('that are missing are asked for', async () => {
    project().write({
      'packages.yml': 'packages:\n  - local: ../a\n  - local: ../b\n',
      'dbt_packages/a/dbt_project.yml': 'name: a\n',
    })
    const { first } = await folder.fault()
    expect(first.message).toBe(
      'dbt found 2 package(s) specified in packages.yml, but only 1 package(s) installed in dbt_packages. Run "dbt deps" to install package dependencies.',
    )
    expect(first.hint).toBe('run `plumb deps`')
    // Commands that need no packages do not mind.
    expect((await folder.load({ needPackages: false })).packages.size).toBe(1)
  })

  it('need names of their own', async () => {
    project().write({
      'dbt_packages/a/dbt_project.yml': 'name: same\n',
      'dbt_packages/b/dbt_project.yml': 'name: same\n',
      'dbt_packages/c/dbt_project.yml': 'name: shop\n',
    })
    const { diagnostics } = await folder.fault()
    expect(diagnostics.map((fault) => fault.message.slice(0, 66))).toEqual([
      'dbt found more than one package with the name "same" included in t',
      'dbt found more than one package with the name "shop" included in t',
    ])
  })

  it('are reported with the place in their file, all of them', async () => {
    project().write({
      'dbt_packages/a/dbt_project.yml': 'name: a\nmodel-pats: [x]\n',
      'dbt_packages/b/readme.md': '',
      'dbt_packages/c/dbt_project.yml': 'name: c\nrequire-dbt-version: ">=9.0.0"\n',
    })
    const { diagnostics } = await folder.fault()
    expect(diagnostics.map(({ message, at }) => [message.split('\n')[0], at?.file, at?.line])).toEqual([
      [
        "Failed to read package: at path []: Additional properties are not allowed ('model-pats' was unexpected)",
        'dbt_packages/a/dbt_project.yml',
        2,
      ],
      [
        `Failed to read package: No dbt_project.yml found at expected path ${join(folder.root, 'dbt_packages/b/dbt_project.yml')}`,
        undefined,
        undefined,
      ],
      [
        "Failed to read package: This version of dbt is not supported with the 'c' package.",
        'dbt_packages/c/dbt_project.yml',
        2,
      ],
    ])
    expect(diagnostics[0]?.hint).toBe("did you mean 'model-paths'?")
  })

  it('see no vars of the command line in their configuration', async () => {
    project().write({ 'dbt_packages/a/dbt_project.yml': 'name: a\nmodels:\n  +schema: "{{ var(\'s\') }}"\n' })
    expect((await folder.fault({ cliVars: { s: 'x' } })).first.code).toBe('var-missing')
  })
})

describe('vars', () => {
  const files = {
    'dbt_packages/a/dbt_project.yml':
      'name: a\nvars:\n  one: package\n  two: package\n  three: package\n  four: package\n  five: package\n  a: {two: scoped, three: scoped}\n',
  }

  it('of a package give way to those of the root, and these to the command line', async () => {
    project(
      'vars:\n  three: root\n  four: root\n  five: root\n  a: {four: root for a, five: root for a}\n  other: {one: x}\n',
    ).write(files)
    const loaded = await folder.load({ cliVars: { five: 'typed' } })
    expect(resolveVars(loaded, 'a')).toMatchObject({
      one: 'package',
      two: 'scoped',
      three: 'root',
      four: 'root for a',
      five: 'typed',
    })
    expect(packageVars(loaded, 'a')['five']).toBe('root for a')
    const root = resolveVars(loaded, 'shop')
    expect([root['one'], root['four'], root['a']]).toEqual([
      undefined,
      'root',
      { four: 'root for a', five: 'root for a' },
    ])
  })

  it('may stand in vars.yml, and are known in dbt_project.yml then', async () => {
    project("models:\n  +schema: \"{{ var('where') }}_{{ var('typed', 'no') }}\"\n").write({
      'vars.yml': 'vars:\n  where: core\n  typed: file\n',
    })
    const loaded = await folder.load({ cliVars: { typed: 'yes' } })
    expect(loaded.root.config.configTrees.models).toEqual({ '+schema': 'core_yes' })
    expect(resolveVars(loaded, 'shop')).toEqual({ where: 'core', typed: 'yes' })
  })

  it('stand in one file only', async () => {
    project('vars: {a: 1}\n').write({ 'vars.yml': 'vars: {b: 1}\n' })
    const { first } = await folder.fault()
    expect(first.message).toBe('Variables cannot be defined in both vars.yml and dbt_project.yml. ')
    expect(first.at?.line).toBe(3)
    folder.write({ 'vars.yml': 'vars: [a]\n' })
    expect((await folder.fault()).first.code).toBe('vars-file')
  })
})
