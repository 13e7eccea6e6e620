import { describe, expect, it } from 'vitest'
import { createFlags } from '../../../src/core/flags.js'
import { buildDag, parseSelection, selectNodes } from '../../../src/graph/index.js'
import { buildRunPlan } from '../../../src/plan/index.js'
import { type Sketch, sketchManifest } from '../graph/manifest-builder.js'

const MODELS = 10_000

/** Ten layers of models, each on two of the layer above, each with four tests of which one looks at a parent, too. */
function largeProject(): Sketch[] {
  const layer = MODELS / 10
  const sketches: Sketch[] = []
  for (let i = 0; i < MODELS; i++) {
    const above = [i - layer, i - layer - (i % 17)].filter((parent) => parent >= 0)
    const parents = [...new Set(above)].map((parent) => `m${parent}`)
    sketches.push({ name: `m${i}`, parents })
    for (let t = 0; t < 4; t++) {
      const tested = t === 3 && parents.length > 0 ? [`m${i}`, parents[0]!] : [`m${i}`]
      sketches.push({ name: `t${i}_${t}`, type: 'test', parents: tested })
    }
  }
  return sketches
}

/** CPU seconds, which a busy machine disturbs less than the clock. */
function seconds<T>(work: () => T): [T, number] {
  const before = process.cpuUsage()
  const result = work()
  const { user, system } = process.cpuUsage(before)
  return [result, (user + system) / 1e6]
}

describe('a project of 10,000 models and 40,000 tests', () => {
  const manifest = sketchManifest(largeProject())

  it('is linked, selected from and planned in moments', () => {
    // Several times what it takes on two slow cores: only work that grows faster than the project is caught.
    const [dag, linking] = seconds(() => buildDag(manifest))
    expect(dag.ids.length).toBe(5 * MODELS)
    expect(linking).toBeLessThan(1.5)

    const { spec } = parseSelection({ indirectSelection: 'eager' })
    const [all, selecting] = seconds(() => selectNodes(dag, manifest, spec))
    expect(all.size).toBe(5 * MODELS)
    expect(selecting).toBeLessThan(1.5)

    const flags = createFlags({ which: 'build' })
    const [plan, planning] = seconds(() => buildRunPlan({ command: 'build', dag, manifest, selected: all, flags }))
    expect(plan.steps.length).toBe(5 * MODELS)
    // ten layers of models with the tests of each between them
    expect(Math.max(...plan.steps.map((step) => step.weight))).toBe(19)
    expect(planning).toBeLessThan(8)

    const some = new Set([...all].filter((_, i) => i % 7 === 0))
    const [sparse, planningSome] = seconds(() =>
      buildRunPlan({ command: 'build', dag, manifest, selected: some, flags }),
    )
    expect(sparse.steps.length).toBe(some.size)
    expect(planningSome).toBeLessThan(8)
  })
})
