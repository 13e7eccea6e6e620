import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PlumbError } from '../../../src/core/diagnostic.js'
import type { PlumbEvent } from '../../../src/core/event.js'
import {
  Deprecations,
  loadEnvFile,
  parseDotenv,
  parseYamlOption,
  readProjectFlags,
  resolveProfilesDir,
  resolveProjectDir,
  scrubSecrets,
} from '../../../src/project/index.js'
import { ProjectFolder } from './project-folder.js'

let folder: ProjectFolder
beforeEach(() => {
  folder = new ProjectFolder()
})
afterEach(() => folder.remove())

const faultOf = (run: () => unknown): PlumbError => {
  try {
    run()
  } catch (error) {
    return error as PlumbError
  }
  throw new TypeError('nothing was thrown')
}

describe('.env', () => {
  it('is read by the rules of python-dotenv', () => {
    const text = [
      '# comment',
      'PLAIN=value',
      'export EXPORTED=yes',
      'SPACED = a b  ',
      'COMMENTED=a # b',
      'HASH=a#b',
      "SINGLE='a # ${PLAIN}\\n'",
      'DOUBLE="a\\n\\tb \\"q\\""',
      'LINES="one',
      'two"',
      'EMPTY=',
      'EXPANDED=${PLAIN}-${OUTER}-${NOPE:-dflt}-${NOPE}',
      'PLAIN_AGAIN=$PLAIN',
      'not a line',
      "'quoted key'=1",
    ].join('\n')
    expect(parseDotenv(text, { OUTER: 'out' })).toEqual({
      PLAIN: 'value',
      EXPORTED: 'yes',
      SPACED: 'a b',
      COMMENTED: 'a',
      HASH: 'a#b',
      SINGLE: 'a # value\\n',
      DOUBLE: 'a\n\tb "q"',
      LINES: 'one\ntwo',
      EMPTY: '',
      EXPANDED: 'value-out-dflt-',
      PLAIN_AGAIN: '$PLAIN',
      'quoted key': '1',
    })
  })

  it('never overrides what is set; the current folder comes before the project', () => {
    folder.write({ 'project/.env': 'A=project\nB=project\nC=project\n', 'here/.env': 'A=here\nB=here\n' })
    mkdirSync(join(folder.root, 'here/deep'))
    const env = loadEnvFile(join(folder.root, 'project'), { A: 'shell' }, join(folder.root, 'here/deep'))
    expect(env).toEqual({ A: 'shell', B: 'here', C: 'project' })
  })
})

describe('folders', () => {
  it('of the project: given, from the environment, the nearest above', () => {
    folder.write({ 'a/dbt_project.yml': '', 'a/b/c/x': '' })
    const cwd = join(folder.root, 'a/b/c')
    expect(resolveProjectDir({ cwd, env: {} })).toBe(join(folder.root, 'a'))
    expect(resolveProjectDir({ cwd, env: { DBT_PROJECT_DIR: '..' } })).toBe(join(folder.root, 'a/b'))
    expect(resolveProjectDir({ cwd, env: { DBT_PROJECT_DIR: '..' } }, '/x')).toBe('/x')
    expect(resolveProjectDir({ cwd: folder.root, env: {} })).toBe(folder.root)
  })

  it('of profiles.yml: given, from the environment, here, in the project, at home', () => {
    folder.write({ 'here/profiles.yml': '', 'project/profiles.yml': '', 'bare/x': '' })
    const at = (name: string): string => join(folder.root, name)
    const env = { HOME: '/home/ann' }
    expect(resolveProfilesDir({ cwd: at('here'), env }, at('project'))).toBe(at('here'))
    expect(resolveProfilesDir({ cwd: at('bare'), env }, at('project'))).toBe(at('project'))
    expect(resolveProfilesDir({ cwd: at('bare'), env }, at('bare'))).toBe('/home/ann/.dbt')
    expect(resolveProfilesDir({ cwd: at('bare'), env: { ...env, DBT_PROFILES_DIR: '~/p' } }, at('bare'))).toBe(
      '/home/ann/p',
    )
    expect(resolveProfilesDir({ cwd: at('here'), env }, at('project'), '../bare')).toBe(at('bare'))
  })
})

describe('options in YAML', () => {
  it('are mappings', () => {
    expect(parseYamlOption('{a: 1, b: [x, yes]}', '--vars')).toEqual({ a: 1, b: ['x', true] })
    expect(parseYamlOption('a: 2020-01-01', '--vars')['a']).toMatchObject({ year: 2020 })
    expect(parseYamlOption('{}', 'vars')).toEqual({})
  })

  it.each([
    ['x', "The --vars argument must be a YAML dictionary, but was of type 'str'"],
    ['[a]', "The --vars argument must be a YAML dictionary, but was of type 'list'"],
    ['', "The --vars argument must be a YAML dictionary, but was of type 'NoneType'"],
    ['{a: 1', 'The YAML provided in the --vars argument is not valid.'],
  ])('%j is refused', (text, message) => {
    const { first } = faultOf(() => parseYamlOption(text, '--vars'))
    expect(first.message.split('\n')[0]).toBe(message)
    expect(first.hint).toContain("--vars '{")
  })
})

describe('flags', () => {
  const flags = (project: string, profiles?: string) => {
    folder.write({ 'dbt_project.yml': project, ...(profiles === undefined ? {} : { 'profiles.yml': profiles }) })
    const events: PlumbEvent[] = []
    const read = readProjectFlags(folder.root, folder.root, new Deprecations((event) => events.push(event)))
    return { read, events: events.map((event) => event.name) }
  }

  it('stand in dbt_project.yml, or in profiles.yml as before', () => {
    expect(flags('flags: {use_colors: no}\n')).toEqual({ read: { use_colors: false }, events: [] })
    expect(flags('name: x\n', 'config: {debug: yes}\n')).toEqual({
      read: { debug: true },
      events: ['ProjectFlagsMovedDeprecation'],
    })
    expect(faultOf(() => flags('flags: {a: 1}\n', 'config: {b: 1}\n')).first.code).toBe('flags-in-both')
  })

  it('take the old words for warn_error_options', () => {
    expect(flags('flags: {warn_error_options: {include: all, exclude: [A], silence: }}\n').read).toEqual({
      warn_error_options: { error: 'all', warn: ['A'], silence: [] },
    })
    expect(faultOf(() => flags('flags: {warn_error_options: {include: [A], error: [B]}}\n')).first.message).toBe(
      'Only `include` or `error` can be specified in `warn_error_options`, not both',
    )
  })

  it('are none while the file cannot be read', () => {
    expect(flags('flags: {{ x }}\n').read).toEqual({})
  })
})

it('scrubSecrets masks the values of secret variables', () => {
  const env = { DBT_ENV_SECRET_A: 'hush', DBT_ENV_SECRET_B: ' ', OTHER: 'shown' }
  expect(scrubSecrets('hush, shown and hush', env)).toBe('*****, shown and *****')
})
