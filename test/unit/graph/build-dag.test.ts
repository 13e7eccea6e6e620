import { describe, expect, it } from 'vitest'
import { PlumbError } from '../../../src/core/diagnostic.js'
import {
  ancestorsOf,
  buildDag,
  childrenOf,
  descendantsOf,
  parentsOf,
  summarizeGraph,
} from '../../../src/graph/index.js'
import { chain, sketchManifest } from './manifest-builder.js'

function diagnosticsOf(act: () => unknown) {
  try {
    act()
  } catch (error) {
    if (error instanceof PlumbError) return error.diagnostics
    throw error
  }
  throw new Error('nothing was thrown')
}

const dag = buildDag(
  sketchManifest([
    { name: 'raw', type: 'source' },
    { name: 'd', parents: ['b', 'c'] },
    { name: 'a', parents: ['raw', 'raw'] },
    { name: 'b', parents: ['a'] },
    { name: 'c', parents: ['a'] },
    { name: 't', type: 'test', parents: ['d'] },
  ]),
)

describe('the dag', () => {
  it('is numbered as dbt links it: sources, then nodes with what they mention', () => {
    expect(dag.ids).toEqual(['source.p.s.raw', 'model.p.d', 'model.p.b', 'model.p.c', 'model.p.a', 'test.p.t'])
  })

  it('knows neighbours once each, and closures', () => {
    expect(parentsOf(dag, 'model.p.a')).toEqual(['source.p.s.raw'])
    expect(childrenOf(dag, 'model.p.a')).toEqual(['model.p.b', 'model.p.c'])
    expect(parentsOf(dag, 'nobody')).toEqual([])
    expect([...ancestorsOf(dag, ['model.p.d'])].sort()).toEqual([
      'model.p.a',
      'model.p.b',
      'model.p.c',
      'source.p.s.raw',
    ])
    expect([...ancestorsOf(dag, ['model.p.d'], 1)].sort()).toEqual(['model.p.b', 'model.p.c'])
    expect([...descendantsOf(dag, ['model.p.b', 'model.p.a'])].sort()).toEqual([
      'model.p.b',
      'model.p.c',
      'model.p.d',
      'test.p.t',
    ])
  })

  it('is sorted parents first', () => {
    const at = new Map([...dag.topological].map((node, i) => [dag.ids[node]!, i]))
    for (const id of dag.ids) for (const parent of parentsOf(dag, id)) expect(at.get(parent)!).toBeLessThan(at.get(id)!)
  })

  it('is summarised with numbers for names', () => {
    expect(summarizeGraph(dag, [['test.p.t', 'model.p.b']])).toEqual({
      0: { name: 'source.p.s.raw', type: 'source', succ: [4] },
      1: { name: 'model.p.d', type: 'model', succ: [5] },
      2: { name: 'model.p.b', type: 'model', succ: [1] },
      3: { name: 'model.p.c', type: 'model', succ: [1] },
      4: { name: 'model.p.a', type: 'model', succ: [2, 3] },
      5: { name: 'test.p.t', type: 'test', succ: [2] },
    })
  })
})

describe('what cannot be linked', () => {
  it('names what is missing', () => {
    const [missing] = diagnosticsOf(() => buildDag(sketchManifest([{ name: 'a', parents: ['model.p.gone'] }])))
    expect(missing).toMatchObject({
      code: 'dependency-not-in-graph',
      message: "'model.p.a' depends on 'model.p.gone' which is not in the graph!",
      subject: 'model a (models/a.sql)',
    })
  })

  it('shows the path of a cycle as dbt does', () => {
    const sketches = chain('a', 'b', 'c')
    const [cycle] = diagnosticsOf(() =>
      buildDag(sketchManifest([{ ...sketches[0]!, parents: ['c'] }, ...sketches.slice(1)])),
    )
    expect(cycle).toMatchObject({
      code: 'dependency-cycle',
      message: 'Found a cycle: model.p.a --> model.p.b --> model.p.c',
      hint: 'model a (models/a.sql) depends on model c (models/c.sql): take out one of the references between them',
    })
  })

  it('leaves out what only leads into the cycle or out of it', () => {
    const [cycle] = diagnosticsOf(() =>
      buildDag(
        sketchManifest([
          { name: 'in' },
          { name: 'x', parents: ['in', 'y'] },
          { name: 'y', parents: ['x'] },
          { name: 'out', parents: ['y'] },
        ]),
      ),
    )
    expect(cycle!.message).toBe('Found a cycle: model.p.x --> model.p.y')
  })

  it('reports every knot', () => {
    const found = diagnosticsOf(() =>
      buildDag(
        sketchManifest([
          { name: 'a', parents: ['b'] },
          { name: 'b', parents: ['a'] },
          { name: 'self', parents: ['self'] },
          { name: 'between', parents: ['a', 'self'] },
        ]),
      ),
    )
    expect(found.map((d) => d.message)).toEqual([
      'Found a cycle: model.p.a --> model.p.b',
      'Found a cycle: model.p.self',
    ])
    expect(found[1]!.hint).toBe('model self (models/self.sql) depends on itself')
  })
})
