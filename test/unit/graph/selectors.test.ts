import { describe, expect, it } from 'vitest'
import { PlumbError } from '../../../src/core/diagnostic.js'
import {
  buildDag,
  normalizeSelectors,
  parseSelection,
  parseSelectors,
  type RawSelectors,
  selectNodes,
} from '../../../src/graph/index.js'
import type { Json, JsonObject } from '../../../src/manifest/index.js'
import { chain, sketchManifest } from './manifest-builder.js'
import { readFixtureManifest } from './selection-fixture.js'

const manifest = sketchManifest([
  ...chain('a', 'b', 'c'),
  { name: 't', type: 'test', parents: ['b'] },
  { name: 'stg_orders', rest: { tags: ['nightly'] } },
])
const dag = buildDag(manifest)

function raw(definitions: Record<string, Json>): RawSelectors {
  return Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => [name, { name, definition } as JsonObject]),
  )
}

function select(definitions: Record<string, Json>, ...args: string[]): string[] {
  const selectors = parseSelectors(raw(definitions), 'eager')
  const { spec } = parseSelection({ select: args, indirectSelection: 'eager', selectors })
  return [...selectNodes(dag, manifest, spec, { selectors })].map((id) => id.replace(/^\w+\.p\./, '')).sort()
}

function problem(act: () => unknown) {
  try {
    act()
  } catch (error) {
    if (error instanceof PlumbError) return error.first
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('the selector method', () => {
  it('selects what a definition selects, with wildcards and graph operators', () => {
    const definitions = { one: 'b', two: 'c', other: 'a' }
    expect(select(definitions, 'selector:one')).toEqual(['b', 't'])
    expect(select(definitions, 'selector:o*')).toEqual(['a', 'b', 't'])
    expect(select(definitions, '+selector:two')).toEqual(['a', 'b', 'c'])
    expect(select(definitions, 'selector:two,selector:one')).toEqual([])
  })

  it('keeps the exclusions of the definition: no tests are added', () => {
    const b = { union: ['b', { exclude: ['t'] }] }
    expect(select({ b }, 'selector:b')).toEqual(['b'])
    expect(select({ b }, 'b')).toEqual(['b', 't'])
  })

  it('may name a later definition', () => {
    expect(select({ first: { method: 'selector', value: 'second' }, second: 'c' }, 'selector:first')).toEqual(['c'])
    expect(select({ first: { selector: 'second' }, second: 'c' }, 'selector:first')).toEqual(['c'])
  })

  it('may have graph operators in a definition', () => {
    const definitions = { base: 'b', up: { method: 'selector', value: 'base', parents: true } }
    expect(select(definitions, 'selector:up')).toEqual(['a', 'b', 't'])
  })

  it('refuses circles and unknown names', () => {
    const circle = { x: { selector: 'y' }, y: { method: 'selector', value: 'z*' }, z: { selector: 'x' } }
    expect(problem(() => select(circle, 'selector:x'))).toMatchObject({
      code: 'selector-cycle',
      message: 'Circular dependency detected in selector: x --> y --> z --> y',
    })
    expect(problem(() => select({ nightly: 'a' }, 'selector:nihtly'))).toMatchObject({
      message: "Selector 'nihtly' did not match any selector in selectors.yml",
      hint: "did you mean 'nightly'?",
    })
    expect(problem(() => select({}, 'selector:x')).message).toBe(
      'Cannot use selector: method if selectors.yml is not provided',
    )
  })
})

describe('definitions that make no sense', () => {
  it.each<[string, Json, string | RegExp]>([
    ['a list', ['a'], /Expected to find union, intersection, str or dict/],
    ['nothing', null, /Expected to find union, intersection, str or dict/],
    ['two things at the root', { union: ['a'], intersection: ['b'] }, /Only a single 'union' or 'intersection' key/],
    [
      'a union of text',
      { union: 'a' },
      'Could not read selector file data: Invalid value for key "union". Expected a list.',
    ],
    ['a union of numbers', { union: [3] }, /Invalid value in key "union", expected dict or str \(value: 3\)/],
    [
      'two exclusions',
      { union: ['a', { exclude: ['b'] }, { exclude: ['c'] }] },
      /You cannot provide multiple exclude arguments/,
    ],
    [
      'a method without value',
      { method: 'tag', parents: true },
      /Expected either 1 key or else "method" and "value" keys, but got \['method', 'parents'\]/,
    ],
    ['an unknown method', { method: 'tga', value: 'x' }, "'tga' is not a valid method name"],
    [
      'an unknown kind of tests',
      { method: 'tag', value: 'x', indirect_selection: 'some' },
      /"some" is not a valid IndirectSelection/,
    ],
    [
      '@ and +',
      { method: 'tag', value: 'x', childrens_parents: true, children: true },
      /"@" prefix and "\+" suffix are incompatible/,
    ],
    [
      'a depth that is none',
      { method: 'tag', value: 'x', parents: true, parents_depth: 'two' },
      /could not handle parent depth two/,
    ],
  ])('%s', (_, definition, message) => {
    const found = problem(() => parseSelectors(raw({ mine: definition }), 'eager'))
    expect(found.message).toMatch(message)
    expect(found.subject).toBe('selector mine (selectors.yml)')
  })

  it('more than one default', () => {
    const both: RawSelectors = {
      a: { name: 'a', default: true, definition: 'a' },
      b: { name: 'b', default: true, definition: 'b' },
    }
    expect(problem(() => parseSelectors(both, 'eager')).message).toContain(
      'Found multiple selectors with `default: true`:a and b',
    )
  })
})

describe('which arguments count', () => {
  const selectors = parseSelectors({ d: { name: 'd', default: true, definition: 'a' } }, 'eager')
  const ids = (args: object) => {
    const { spec, defaultSelector } = parseSelection({ indirectSelection: 'eager', selectors, ...args })
    return [selectNodes(dag, manifest, spec).size, defaultSelector]
  }
  it('the default selector only without others', () => {
    expect(ids({})).toEqual([1, 'd'])
    expect(ids({ select: [], exclude: [] })).toEqual([1, 'd'])
    expect(ids({ select: ['b'] })).toEqual([2, undefined])
    expect(ids({ exclude: ['b'] })).toEqual([3, undefined])
    expect(ids({ selector: 'd', select: ['b'] })).toEqual([1, undefined])
  })
})

describe('a criterion that finds nothing', () => {
  const warned = (...args: string[]): string[] => {
    const messages: string[] = []
    const { spec } = parseSelection({ select: args, indirectSelection: 'eager' })
    selectNodes(dag, manifest, spec, { emit: (event) => messages.push(event.msg) })
    return messages
  }
  it('comes with what was probably meant', () => {
    expect(warned('stg_order')).toEqual([
      "The selection criterion 'stg_order' does not match any enabled nodes: did you mean 'stg_orders'?",
    ])
    expect(warned('a,tag:nightl')).toEqual([
      "The selection criterion 'a,tag:nightl' does not match any enabled nodes: did you mean 'nightly'?",
    ])
    expect(warned('models/stg_order.sql')).toEqual([
      "The selection criterion 'models/stg_order.sql' does not match any enabled nodes: did you mean 'models/stg_orders.sql'?",
    ])
  })
  it('is told of once, and not when nothing is close', () => {
    expect(warned('zzzzzz', 'zzzzzz')).toEqual(["The selection criterion 'zzzzzz' does not match any enabled nodes"])
  })
})

describe('selectors as manifest.json shows them', () => {
  it('is what dbt wrote', () => {
    const written = readFixtureManifest().selectors
    expect(Object.keys(written).length).toBeGreaterThan(15)
    const definitions: RawSelectors = {
      nightly_plus: { name: 'nightly_plus', definition: '+tag:nightly+1' },
      key_value: { name: 'key_value', definition: { tag: 'reference' } },
      depths: { name: 'depths', definition: { method: 'fqn', value: 'margin', parents: true, parents_depth: 1 } },
      union_of: {
        name: 'union_of',
        default: true,
        definition: {
          union: [
            { method: 'tag', value: 'nightly' },
            'orders',
            { exclude: [{ method: 'test_type', value: 'generic' }] },
          ],
        },
      },
      intersection_of: {
        name: 'intersection_of',
        definition: {
          intersection: [
            { tag: 'nightly' },
            { method: 'config.materialized', value: 'table' },
            { exclude: ['revenue', { fqn: 'margin' }] },
          ],
        },
      },
      nested: {
        name: 'nested',
        definition: {
          union: [
            { intersection: ['tag:staging', { union: ['tag:crm', 'tag:payments'] }] },
            { method: 'selector', value: 'depths' },
            { exclude: [{ union: [{ method: 'fqn', value: 'stg_leads' }] }] },
          ],
        },
      },
      inherits: { name: 'inherits', definition: { method: 'selector', value: 'union_of' } },
      excluded_value: {
        name: 'excluded_value',
        definition: { method: 'tag', value: 'staging', exclude: [{ method: 'tag', value: 'crm' }, 'stg_orders'] },
      },
    }
    const normalized = normalizeSelectors(definitions)
    for (const name of Object.keys(definitions)) {
      expect(JSON.stringify(normalized[name])).toBe(JSON.stringify(written[name]))
    }
  })
})
