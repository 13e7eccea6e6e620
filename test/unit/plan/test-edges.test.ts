import { describe, expect, it } from 'vitest'
import { dependenciesOf } from '../../../src/graph/dag.js'
import { buildDag, type Dag } from '../../../src/graph/index.js'
import { testEdgeIds } from '../../../src/plan/index.js'
import { idOf, type Sketch, sketchManifest } from '../graph/manifest-builder.js'

/** dbt's rule word for word: everything against everything. */
function byTheRule(dag: Dag): [string, string][] {
  const upstream = new Map<string, Set<string>>()
  for (const i of dag.topological) {
    const above = new Set<string>()
    for (const parent of dependenciesOf(dag.nodes[i]!)) {
      above.add(parent)
      for (const id of upstream.get(parent)!) above.add(id)
    }
    upstream.set(dag.ids[i]!, above)
  }
  const tests = dag.nodes.filter((node) => node.resource_type === 'test')
  const waiting = dag.nodes.filter((node) => ['model', 'seed', 'snapshot'].includes(node.resource_type))
  return waiting.flatMap((node) => {
    const above = upstream.get(node.unique_id)!
    return tests
      .filter(
        (test) => dependenciesOf(test).some((id) => above.has(id)) && dependenciesOf(test).every((id) => above.has(id)),
      )
      .map((test): [string, string] => [test.unique_id, node.unique_id])
  })
}

/** Everything each node waits for, with the extra edges. */
function waitsFor(dag: Dag, extra: readonly (readonly [string, string])[]): Record<string, string[]> {
  const parents = new Map(dag.nodes.map((node) => [node.unique_id, [...dependenciesOf(node)]]))
  for (const [from, to] of extra) parents.get(to)!.push(from)
  const found = new Map<string, Set<string>>()
  const above = (id: string): Set<string> => {
    const known = found.get(id)
    if (known !== undefined) return known
    const all = new Set<string>()
    found.set(id, all)
    for (const parent of parents.get(id)!) {
      all.add(parent)
      for (const other of above(parent)) all.add(other)
    }
    return all
  }
  return Object.fromEntries(dag.ids.map((id) => [id, [...above(id)].sort()]))
}

/** A linear congruential generator: the same graphs every time. */
function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1103515245 + 12345) & 0x7fffffff
    return state % below
  }
}

function randomSketches(seed: number): Sketch[] {
  const pick = random(seed)
  const types = ['model', 'model', 'model', 'seed', 'snapshot', 'source', 'function'] as const
  const sketches: Sketch[] = []
  const size = 4 + pick(14)
  for (let i = 0; i < size; i++) {
    const type = types[pick(types.length)]!
    const parents = ['seed', 'source'].includes(type)
      ? []
      : sketches.filter(() => pick(100) < 30).map((sketch) => sketch.name)
    sketches.push({ name: `n${i}`, type, parents })
  }
  const tested = [...sketches]
  for (let i = 0; i < 2 + pick(10); i++) {
    const parents = new Set(Array.from({ length: 1 + pick(3) }, () => tested[pick(tested.length)]!.name))
    sketches.push({ name: `t${i}`, type: 'test', parents: [...parents] })
  }
  return sketches
}

describe('tests hold up what is built on what they test', () => {
  it('nodes wait for the tests of what is above them', () => {
    const dag = buildDag(
      sketchManifest([
        { name: 'a' },
        { name: 'b', parents: ['a'] },
        { name: 'c', parents: ['b'] },
        { name: 'ta', type: 'test', parents: ['a'] },
        { name: 'tb', type: 'test', parents: ['b'] },
      ]),
    )
    expect(testEdgeIds(dag)).toEqual([
      ['test.p.ta', 'model.p.b'],
      ['test.p.tb', 'model.p.c'],
    ])
  })

  it('a test of two nodes holds up only what is below both', () => {
    const dag = buildDag(
      sketchManifest([
        { name: 'orders' },
        { name: 'customers' },
        { name: 'joined', parents: ['orders', 'customers'] },
        { name: 'later', parents: ['joined'] },
        { name: 'aside', parents: ['orders'] },
        { name: 't', type: 'test', parents: ['orders', 'customers'] },
      ]),
    )
    expect(testEdgeIds(dag)).toEqual([['test.p.t', 'model.p.joined']])
  })

  it('also through functions, which themselves wait for nothing', () => {
    const dag = buildDag(
      sketchManifest([
        { name: 'a' },
        { name: 'f', type: 'function', parents: ['a'] },
        { name: 'b', parents: ['f'] },
        { name: 't', type: 'test', parents: ['a'] },
      ]),
    )
    expect(testEdgeIds(dag)).toEqual([['test.p.t', idOf('b')]])
  })

  it.each(Array.from({ length: 300 }, (_, seed) => seed + 1))('random graph %i: as the rule says', (seed) => {
    const dag = buildDag(sketchManifest(randomSketches(seed)))
    const ours = testEdgeIds(dag)
    const rule = byTheRule(dag)
    const allowed = new Set(rule.map(String))
    expect(ours.filter((edge) => !allowed.has(String(edge)))).toEqual([])
    expect(waitsFor(dag, ours)).toEqual(waitsFor(dag, rule))
  })
})
