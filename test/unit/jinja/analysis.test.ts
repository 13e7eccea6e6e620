import { describe, expect, test } from 'vitest'
import { macroCalls, parseTemplate, readsName, staticCalls, toJs, type Value } from '../../../src/jinja/index.js'

const NAMES = new Set(['ref', 'source', 'config'])

function calls(source: string) {
  const { calls: found, onlyThese } = staticCalls(parseTemplate(source, { file: 'a.sql' }), NAMES)
  return {
    onlyThese,
    calls: found.map((c) => [
      c.name,
      c.args.map(toJs),
      toJs(c.kwargs as Value),
      source.slice(c.span.start, c.span.end),
    ]),
  }
}

describe('static calls', () => {
  test('literal arguments are read', () => {
    expect(
      calls("{{ config(materialized='table', tags=['a', 'b'], meta={'x': 1}) }} select {{ ref('a', v=2) }}"),
    ).toEqual({
      onlyThese: true,
      calls: [
        [
          'config',
          [],
          { materialized: 'table', tags: ['a', 'b'], meta: { x: 1 } },
          "config(materialized='table', tags=['a', 'b'], meta={'x': 1})",
        ],
        ['ref', ['a'], { v: 2 }, "ref('a', v=2)"],
      ],
    })
  })

  test('a computed argument is not', () => {
    expect(calls("{{ ref('a' ~ x) }}{{ config(enabled=var('x')) }}{{ source(*y) }}")).toEqual({
      onlyThese: false,
      calls: [],
    })
  })

  test('under a condition calls are found, but the template has to be run', () => {
    const { calls: found, onlyThese } = calls("{% if x %}{{ ref('a') }}{% else %}{{ ref('b') }}{% endif %}")
    expect(onlyThese).toBe(false)
    expect(found.map(([, args]) => args)).toEqual([['a'], ['b']])
  })

  test.each([
    ["select * from {{ ref('a') }} {# c #} {% raw %}{{ x }}{% endraw %}", true],
    ["{{ ref('a').identifier }}", false],
    ["{{ my_macro(ref('a')) }}", false],
    ["{% set x = ref('a') %}", false],
    ["{{ ref('a') | upper }}", false],
    ['select 1', true],
    ["{{ ref('a', -1) }}", true],
    ['{{ x }}', false],
  ])('%s: only such calls is %s', (source, expected) => {
    expect(calls(source).onlyThese).toBe(expected)
  })
})

describe('macro calls', () => {
  const names = (source: string) => macroCalls(parseTemplate(source, { file: 'a.sql' }))

  test('names and namespaces, each once, in order', () => {
    expect(names('{{ a() }}{{ pkg.b(c()) }}{{ a() }}{% call d() %}{{ e() }}{% endcall %}').map((c) => c.name)).toEqual([
      'a',
      'pkg.b',
      'c',
      'd',
      'e',
    ])
  })

  test('dispatch with its literals', () => {
    expect(
      names("{{ adapter.dispatch('star', 'dbt_utils')(x) }}{{ adapter.dispatch(macro_name='y', macro_namespace=z) }}"),
    ).toEqual([
      { name: 'adapter.dispatch', dispatch: { name: 'star', namespace: 'dbt_utils' } },
      { name: 'adapter.dispatch', dispatch: { name: 'y', namespace: undefined } },
    ])
  })

  test('calls of what is not a name are no edges', () => {
    expect(names("{{ x[0]() }}{{ f()() }}{{ a.b.c() }}{{ 'x'.upper() }}").map((c) => c.name)).toEqual(['f'])
  })

  test('names read anywhere', () => {
    const ast = parseTemplate('{% if a %}{{ b | join(sep=this.name) }}{% endif %}{{ x.model }}', { file: 'a.sql' })
    expect(['this', 'model', 'b', 'sep'].map((name) => readsName(ast, name))).toEqual([true, false, true, false])
  })
})
