import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createFlags } from '../../../src/core/flags.js'
import { buildDag, parseSelectors, type RawSelectors } from '../../../src/graph/index.js'
import type { UniqueId } from '../../../src/manifest/index.js'
import { buildRunPlan, isEphemeral, type RunPlan, selectForCommand } from '../../../src/plan/index.js'
import { readYaml } from '../../../src/project/index.js'
import { PROJECT_ROOT, type QueueCase, readCases, readFixtureManifest } from '../graph/selection-fixture.js'

const cases = readCases<QueueCase[]>('queue-cases.json')
const manifest = readFixtureManifest()
const dag = buildDag(manifest)
const file = readYaml(readFileSync(join(PROJECT_ROOT, 'selectors.yml'), 'utf8'), 'selectors.yml') as {
  selectors: { name: string }[]
}
const raw = Object.fromEntries(file.selectors.map((s) => [s.name, s])) as unknown as RawSelectors
const selectors = parseSelectors(raw, 'eager')

const NAMES: Readonly<Record<string, string>> = { 'docs generate': 'generate', 'source freshness': 'freshness' }

function planOf(asked: QueueCase): RunPlan {
  const command = NAMES[asked.command] ?? asked.command
  const selected = selectForCommand({
    command,
    dag,
    manifest,
    args: {
      ...asked,
      indirectSelection: asked.indirect_selection ?? 'eager',
      selectors: parseSelectors(raw, asked.indirect_selection ?? 'eager'),
      resourceTypes: asked.resource_types,
      excludeResourceTypes: asked.exclude_resource_types,
    },
    options: { selectors, projectRoot: PROJECT_ROOT },
  })
  return buildRunPlan({ command, dag, manifest, selected, flags: createFlags({ which: command }) })
}

/** For each id, everything that waits for it. */
function closure(
  pairs: readonly (readonly [UniqueId, UniqueId])[],
  ids: readonly UniqueId[],
): Record<UniqueId, UniqueId[]> {
  const next = new Map<UniqueId, UniqueId[]>()
  for (const [from, to] of pairs) next.set(from, [...(next.get(from) ?? []), to])
  const below = (id: UniqueId): UniqueId[] => {
    const seen = new Set<UniqueId>()
    const open = [id]
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const to of next.get(at) ?? []) {
        if (!seen.has(to)) open.push(to)
        seen.add(to)
      }
    }
    return [...seen].sort()
  }
  return Object.fromEntries(ids.map((id) => [id, below(id)]))
}

const ephemeral = (id: UniqueId): boolean => manifest.nodes[id] !== undefined && isEphemeral(manifest.nodes[id])

describe('plans have the order of dbt-core’s queue', () => {
  it.each(
    cases.map(
      (c) =>
        [
          JSON.stringify([c.command, c.select, c.exclude, c.selector, c.resource_types, c.indirect_selection]),
          c,
        ] as const,
    ),
  )('%s', (_, expected) => {
    const plan = planOf(expected)
    const rendersEphemeral = expected.command !== 'clone'
    // dbt: `show` also runs the tests of what is shown
    const selected = expected.selected.filter((id) => expected.command !== 'show' || !id.startsWith('test.'))
    const steps = plan.steps.filter((step) => expected.command !== 'build' || step.action !== 'run-unit-test')
    const ids = steps.map((step) => step.id)
    const score = (id: UniqueId) => expected.scores[id]!
    expect(ids).toEqual(
      selected
        .filter((id) => rendersEphemeral || !ephemeral(id))
        .sort((a, b) => score(a) - score(b) || (a < b ? -1 : 1)),
    )

    const own = new Set(ids)
    const only = (record: Record<UniqueId, UniqueId[]>) =>
      Object.fromEntries(ids.map((id) => [id, record[id]!.filter((other) => own.has(other))]))
    const waits = plan.steps.flatMap((step) => step.after.map((id) => [id, step.id] as const))
    const expectedBelow = closure(expected.edges, expected.selected)
    expect(
      only(
        closure(
          waits,
          plan.steps.map((s) => s.id),
        ),
      ),
    ).toEqual(only(expectedBelow))
    // dbt skips along the whole graph, not only along its queue
    if (expected.command !== 'clone' && expected.command !== 'show')
      expect(only(expected.blocks)).toEqual(only(expectedBelow))
  })

  it.each(
    cases
      .filter((c) => c.command === 'build')
      .map((c) => [JSON.stringify(c.select ?? c.selector ?? c.exclude), c] as const),
  )('unit tests stand before their models: build %s', (_, expected) => {
    const { steps } = planOf(expected)
    const found: Record<UniqueId, UniqueId[]> = {}
    for (const [model, tests] of Object.entries(expected.unit_tests)) {
      const at = steps.findIndex((step) => step.id === model)
      const own = steps.slice(at - tests.length, at)
      found[model] = own.map((step) => step.id).sort()
      for (const test of own) {
        expect(steps[at]!.after).toContain(test.id)
        expect(new Set(test.after)).toEqual(new Set(steps[at]!.after.filter((id) => !tests.includes(id))))
      }
    }
    expect(found).toEqual(expected.unit_tests)
    expect(steps.filter((step) => step.action === 'run-unit-test').length).toBe(
      Object.values(expected.unit_tests).flat().length,
    )
  })

  it.each(cases.map((c) => [c.command, c] as const))('hooks of %s', (_, expected) => {
    const plan = planOf(expected)
    const empty = expected.selected.length === 0
    expect(plan.onRunStart).toEqual(empty ? [] : (expected.hooks['on-run-start'] ?? []))
    expect(plan.onRunEnd).toEqual(empty ? [] : (expected.hooks['on-run-end'] ?? []))
  })
})
