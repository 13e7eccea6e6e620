import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Capture, createParseScope } from '../../../src/context/index.js'
import { compileTemplate } from '../../../src/jinja/index.js'
import { type Fixture, fixture, model } from './session-fixture.js'

let shop: Fixture

beforeAll(async () => {
  shop = await fixture({
    bare: true,
    projectYaml: "vars:\n  since: '2024-01-01'\n  shop:\n    until: '{{ 1 + 1 }}'\n",
    macros: {
      a: "{% macro hello(name='you') %}hello {{ name }}{% endmacro %}\n{% macro outer() %}{{ hello('inner') }}{% endmacro %}",
      strict: '{% macro uses_unknown() %}{{ nothing.at.all }}{% endmacro %}',
      ref: "{% macro wrapped() %}{{ builtins.ref('x') }}{% endmacro %}",
    },
    packageMacros: {
      hidden: '{% macro _private() %}p{% endmacro %}',
      tools: "{% macro hello(name='tools') %}tools {{ name }}{% endmacro %}{% macro only_tools() %}t{% endmacro %}",
    },
  })
})
afterAll(() => shop.close())

async function parse(sql: string): Promise<{ text: string; capture: Capture }> {
  const node = model('a', sql)
  const capture = new Capture()
  const scope = createParseScope(shop.session, node, capture)
  const text = await compileTemplate(sql, { file: node.original_file_path }).render(scope.thread, scope)
  return { text, capture }
}

describe('the parse scope', () => {
  it('notes references and answers with the own relation', async () => {
    const { text, capture } = await parse(
      "{{ ref('b') }} {{ ref('p', 'c', v=2) }} {{ source('s', 't') }} {{ metric('m') }} {{ function('f') }}",
    )
    expect(capture.refs).toEqual([
      { name: 'b', package: null, version: null },
      { name: 'c', package: 'p', version: 2 },
    ])
    expect(capture.sources).toEqual([['s', 't']])
    expect(capture.metrics).toEqual([['m']])
    expect(capture.functions).toEqual([['f']])
    expect(text).toBe('"memory"."main"."a" "memory"."main"."a" "memory"."main"."a" m "memory"."main"."a"')
  })

  it('notes config calls, hooks under their dashed names', async () => {
    const { text, capture } = await parse(
      "{{ config(materialized='table', pre_hook='select 1', meta={'n': 1.5}) }}{% do config.set('tags', ['x']) %}",
    )
    expect(text).toBe('')
    expect(capture.configCalls).toEqual([
      { materialized: 'table', meta: { n: 1.5 }, 'pre-hook': 'select 1' },
      { tags: ['x'] },
    ])
  })

  it('refuses config calls that are none', async () => {
    await expect(parse("{{ config('a', 'b') }}")).rejects.toThrow('Invalid inline model config')
    await expect(parse("{{ config({'pre_hook': 'a', 'pre-hook': 'b'}) }}")).rejects.toThrow(
      'Invalid config, has conflicting keys "pre_hook" and "pre-hook"',
    )
  })

  it('notes macros called from the template, not those they call', async () => {
    const { text, capture } = await parse('{{ outer() }} {{ tools.hello() }} {{ only_tools is defined }}')
    expect(text).toBe('hello inner tools tools False')
    expect([...capture.macros]).toEqual(['macro.shop.outer', 'macro.tools.hello'])
  })

  it('lets unknown names through in the template, not in macros', async () => {
    expect((await parse('[{{ not_there.at_all("x") }}]')).text).toBe('[]')
    await expect(parse('{{ uses_unknown() }}')).rejects.toThrow("'nothing' is undefined")
  })

  it('answers with None for missing vars, renders vars that hold Jinja', async () => {
    const { text, capture } = await parse(
      "{{ var('since') }} {{ var('nope') }} {{ var('nope', 3) }} {{ var('until') }}",
    )
    expect(text).toBe('2024-01-01 None 3 2')
    expect(capture.vars.get('since')).toBe('2024-01-01')
  })

  it('does not execute', async () => {
    const { text } = await parse(
      "{{ execute }} {{ graph }} {{ adapter.get_relation('a','b','c') }} {{ adapter.get_columns_in_relation(this) }} " +
        "{{ adapter.external_root() }} {{ run_query is defined }} {{ config.get('x', 'y') }}|{{ load_result('a') }}",
    )
    expect(text).toBe('False {} None [] None False |None')
  })

  it('has the built-in names beside macros of the same name', async () => {
    const { text } = await parse("{{ context['hello']('ctx') }} {{ builtins.ref('z') }} {{ 'hello' in builtins }}")
    expect(text).toBe('hello ctx "memory"."main"."a" False')
  })

  it('reaches macros whose names begin with an underscore', async () => {
    expect(
      (await parse("{{ hidden._private() }} {{ hidden['_private']() }} {{ context._private is defined }}")).text,
    ).toBe('p p False')
  })

  it('names argument mistakes', async () => {
    await expect(parse("{{ ref('a', 'b', 'c') }}")).rejects.toThrow('ref() takes at most two arguments (3 given)')
    await expect(parse('{{ ref(1) }}')).rejects.toThrow(
      "The name argument to ref() must be a string, got <class 'int'>",
    )
    await expect(parse("{{ source('a') }}")).rejects.toThrow('source() takes exactly two arguments (1 given)')
  })

  it('gives errors their place', async () => {
    const error = await parse("select 1\nfrom {{ ref('a', 'b', 'c') }}").catch((e: unknown) => e)
    expect(error).toMatchObject({ first: { at: { file: 'models/a.sql', line: 2, column: 9 } } })
  })
})
