import { describe, expect, it } from 'vitest'
import { PlumbError } from '../../../../src/core/diagnostic.js'
import { createInvocation } from '../../../../src/core/invocation.js'
import { PyDate } from '../../../../src/jinja/index.js'
import type { JsonObject } from '../../../../src/manifest/index.js'
import {
  createYamlScope,
  isTemplate,
  type RenderYamlOptions,
  readYaml,
  renderYaml,
  type YamlMapping,
  yamlPositions,
} from '../../../../src/project/index.js'

const invocation = createInvocation({ env: { SCHEMA: 'core', DBT_ENV_SECRET_TOKEN: 'hush' } })
const scopeWith = (vars: JsonObject = {}, used?: Map<string, string>) =>
  createYamlScope({ invocation, vars, envVars: { secrets: false, used } })

function render(text: string, options: Partial<RenderYamlOptions> = {}): YamlMapping | Promise<YamlMapping> {
  return renderYaml(readYaml(text, 'x.yml') as YamlMapping, {
    scope: scopeWith(),
    file: 'x.yml',
    positions: () => yamlPositions(text, 'x.yml'),
    ...options,
  })
}

const faultsOf = async (text: string, options: Partial<RenderYamlOptions> = {}) => {
  const error = await Promise.resolve()
    .then(() => render(text, options))
    .catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(PlumbError)
  return (error as PlumbError).diagnostics
}

describe('renderYaml', () => {
  it('answers at once when there is nothing to render, with a copy', () => {
    const value = readYaml('a: [1, {b: c}]\nd: 2020-01-01\ne: "x\\r\\ny\\n"\n', 'x.yml') as YamlMapping
    const rendered = renderYaml(value, { scope: scopeWith(), file: 'x.yml' })
    expect(rendered).toEqual({ a: [1, { b: 'c' }], d: '2020-01-01', e: 'x\ny' })
    expect((rendered as YamlMapping)['a']).not.toBe(value['a'])
  })

  it('gives native values', async () => {
    const text =
      'a: "{{ var(\'n\') + 1 }}"\nb: "{{ var(\'l\') }}"\nc: "x{{ var(\'n\') }}"\nd: ["{{ var(\'n\') == 1 }}"]\ne: "{{ 1 + 1 }}"\n'
    const scope = scopeWith({ n: 1, l: [1, 2] })
    // Constants are folded to text before anything is rendered, as in dbt.
    expect(await render(text, { scope })).toEqual({ a: 2, b: [1, 2], c: 'x1', d: [true], e: '2' })
  })

  it('renders inside of mappings without text keys', async () => {
    expect(await render('a: {1: "x{{ 2 }}", 2: {3: "x{{ 4 }}"}}\n')).toEqual({
      a: new Map<number, unknown>([
        [1, 'x2'],
        [2, new Map([[3, 'x4']])],
      ]),
    })
  })

  it('leaves skipped values as they are, dates too', async () => {
    const value = (await render('a: "{{ 1 }}"\nb: {c: 2020-01-01}\nd: "x{{ 3 }}"\n', {
      skip: (path) => path[0] === 'a' || path[1] === 'c',
    })) as YamlMapping
    expect(value).toEqual({ a: '{{ 1 }}', b: { c: new PyDate(2020, 1, 1) }, d: 'x3' })
  })

  it('reports every fault with its place', async () => {
    const text = 'models:\n  - name: a\n    schema: "{{ nope() }}"\n    meta: |\n      one\n      two {{ missing() }}\n'
    const faults = await faultsOf(text)
    expect(faults.map((fault) => fault.message)).toEqual([
      "Could not render {{ nope() }}: 'nope' is undefined",
      "Could not render one\ntwo {{ missing() }}: 'missing' is undefined",
    ])
    expect(faults.map(({ at }) => [at?.file, at?.line, text.slice(at!.start, at!.end)])).toEqual([
      ['x.yml', 3, expect.stringMatching(/^nope/) as string],
      ['x.yml', 6, expect.stringMatching(/^missing/) as string],
    ])
  })

  it('knows the place of a part of a file', async () => {
    const text = 'models:\n  - name: a\n  - name: b\n    schema: "{{ nope() }}"\n'
    const part = (readYaml(text, 'x.yml') as { models: YamlMapping[] }).models[1]!
    const options = {
      scope: scopeWith(),
      file: 'x.yml',
      base: ['models', 1],
      positions: () => yamlPositions(text, 'x.yml'),
    }
    const error = await Promise.resolve(renderYaml(part, options)).catch((thrown: unknown) => thrown)
    expect((error as PlumbError).first.at?.line).toBe(4)
  })

  it('can recover single values', async () => {
    const options: Partial<RenderYamlOptions> = { recover: (raw, path) => (path[0] === 'password' ? raw : undefined) }
    expect(await render('password: "a{{b"\n', options)).toEqual({ password: 'a{{b' })
    await faultsOf('user: "a{{b"\n', options)
  })
})

describe('createYamlScope', () => {
  it('says which var is missing, and what was meant', async () => {
    const [fault] = await faultsOf('a: "{{ var(\'strat\') }}"\n', {
      scope: scopeWith({ start: 1, DBT_ENV_SECRET_X: 'shh' }),
    })
    expect(fault!.message).toBe(
      `Could not render {{ var('strat') }}: Required var 'strat' not found in config:\nVars supplied to <Configuration> = {\n    "DBT_ENV_SECRET_X": "*****",\n    "start": 1\n}`,
    )
    expect(fault!.hint).toBe("did you mean 'start'?")
  })

  it('notes the environment variables that were read', async () => {
    const used = new Map<string, string>()
    const text = "a: \"{{ env_var('SCHEMA') }}\"\nb: \"{{ env_var('UNSET', 'x') }}\"\n"
    expect(await render(text, { scope: scopeWith({}, used) })).toEqual({ a: 'core', b: 'x' })
    expect([...used]).toEqual([
      ['SCHEMA', 'core'],
      ['UNSET', 'DBT_DEFAULT_PLACEHOLDER'],
    ])
  })

  it('keeps secrets to profiles.yml and packages.yml', async () => {
    const [fault] = await faultsOf('a: "{{ env_var(\'DBT_ENV_SECRET_TOKEN\') }}"\n')
    expect(fault!.code).toBe('secret-env-var')
    const scope = createYamlScope({ invocation, vars: {}, envVars: { secrets: true } })
    const value = (await render('a: "{{ env_var(\'DBT_ENV_SECRET_TOKEN\') | upper }}"\n', { scope })) as YamlMapping
    // The value itself never meets a filter.
    expect(value['a']).not.toContain('HUSH')
  })

  it('suggests a variable of a like name', async () => {
    const [fault] = await faultsOf('a: "{{ env_var(\'SCHEMAS\') }}"\n')
    expect(fault!.message).toBe("Env var required but not provided: 'SCHEMAS'")
    expect(fault!.hint).toBe("did you mean 'SCHEMA'?")
  })
})

it.each([
  ['{{ x }}', true],
  ['{% x %}', true],
  ['{# x #}', true],
  ['x }} y', false],
  ['{ {', false],
])('isTemplate(%j) is %s', (text, expected) => {
  expect(isTemplate(text)).toBe(expected)
})
