import { describe, expect, it } from 'vitest'
import { createFlags } from '../../../src/core/flags.js'
import { buildDag } from '../../../src/graph/index.js'
import type { Manifest } from '../../../src/manifest/index.js'
import { buildRunPlan, deferredRelations, explainPlan, hooksOf, plannedCommand } from '../../../src/plan/index.js'
import { chain, idOf, type Sketch, sketchManifest } from '../graph/manifest-builder.js'
import { changed, readFixtureManifest } from '../graph/selection-fixture.js'

const ephemeral = { rest: { config: { enabled: true, materialized: 'ephemeral', tags: [], meta: {} } } }

function plan(command: string, sketches: readonly Sketch[], selected?: readonly string[], flags = {}) {
  const manifest = sketchManifest(sketches)
  const dag = buildDag(manifest)
  const ids = sketches
    .map((s) => idOf(s.name, s.type))
    .filter((id) => selected === undefined || selected.includes(id.split('.').at(-1)!))
  return buildRunPlan({
    command,
    dag,
    manifest,
    selected: new Set(ids),
    flags: createFlags({ which: command, ...flags }),
  })
}

const short = (steps: readonly { id: string; after: readonly string[] }[]) =>
  Object.fromEntries(steps.map(({ id, after }) => [id.split('.').at(-1), after.map((a) => a.split('.').at(-1)).sort()]))

describe('steps', () => {
  it('of ephemeral models only render, and are not counted', () => {
    const sketches: Sketch[] = [
      { name: 'a' },
      { name: 'e1', parents: ['a'], ...ephemeral },
      { name: 'e2', parents: ['e1'], ...ephemeral },
      { name: 'b', parents: ['e2', 'a'] },
    ]
    for (const command of ['run', 'build', 'compile']) {
      const { steps } = plan(command, sketches)
      expect(short(steps)).toEqual({ a: [], e1: ['a'], e2: ['e1'], b: ['a', 'e2'] })
      const silent = steps.filter((step) => step.silent)
      expect(silent.map(({ id, action }) => [id, action])).toEqual([
        [idOf('e1'), 'compile'],
        [idOf('e2'), 'compile'],
      ])
    }
  })

  it('wait through what is not selected', () => {
    expect(short(plan('run', chain('a', 'b', 'c', 'd'), ['a', 'd']).steps)).toEqual({ a: [], d: ['a'] })
  })

  it('weigh as much as the longest chain behind them', () => {
    const { steps } = plan('run', [...chain('a', 'b', 'c'), { name: 'd', parents: ['a'] }])
    expect(Object.fromEntries(steps.map((step) => [step.id.split('.').at(-1), step.weight]))).toEqual({
      a: 2,
      b: 1,
      c: 0,
      d: 0,
    })
  })

  it('say what is done with each resource, and why', () => {
    const sketches: Sketch[] = [
      { name: 's', type: 'seed' },
      { name: 'm', parents: ['s'] },
      { name: 'snap', type: 'snapshot', parents: ['m'] },
      { name: 'f', type: 'function' },
      { name: 't', type: 'test', parents: ['m', 's'] },
      { name: 'u', type: 'unit_test', parents: ['m'] },
      { name: 'x', type: 'exposure', parents: ['m'] },
      { name: 'q', type: 'saved_query', parents: [] },
    ]
    const actions = (flags: object) =>
      Object.fromEntries(plan('build', sketches, undefined, flags).steps.map((s) => [s.id.split('.').at(-1), s.action]))
    expect(actions({})).toEqual({
      s: 'load-seed',
      m: 'build-model',
      snap: 'take-snapshot',
      f: 'create-function',
      t: 'run-data-test',
      u: 'run-unit-test',
      x: 'no-op',
      q: 'no-op',
    })
    expect(actions({ exportSavedQueries: true })['q']).toBe('export-saved-query')
    const reasons = Object.fromEntries(plan('build', sketches).steps.map((s) => [s.id.split('.').at(-1), s.reason]))
    expect([reasons['m'], reasons['t'], reasons['u']]).toEqual(['selected', 'test of m, s', 'unit test of m'])
  })

  it('unit tests of an ephemeral model hold up what contains it', () => {
    const sketches: Sketch[] = [
      { name: 'a' },
      { name: 'e', parents: ['a'], ...ephemeral },
      { name: 'u', type: 'unit_test', parents: ['e'] },
      { name: 'b', parents: ['e'] },
    ]
    expect(short(plan('build', sketches).steps)).toEqual({ a: [], u: ['a'], e: ['a', 'u'], b: ['e'] })
  })

  it('a unit test without its model runs by itself', () => {
    const sketches: Sketch[] = [{ name: 'm' }, { name: 'u', type: 'unit_test', parents: ['m'] }]
    expect(short(plan('build', sketches, ['u']).steps)).toEqual({ u: [] })
  })

  it('do not wait where the command has no order', () => {
    expect(short(plan('clone', chain('b', 'a')).steps)).toEqual({ a: [], b: [] })
  })
})

describe('hooks', () => {
  const manifest = readFixtureManifest()
  const dag = buildDag(manifest)
  const hooks = (command: string, selected: string[], flags = {}) => {
    const built = buildRunPlan({ command, dag, manifest, selected: new Set(selected), flags: createFlags(flags) })
    return [built.onRunStart.length, built.onRunEnd.length]
  }

  it('come root project first, packages by name', () => {
    const more = structuredClone(manifest)
    const hook = more.nodes['operation.extras.extras-on-run-start-0']!
    more.nodes['operation.alpha.x'] = { ...hook, package_name: 'alpha', unique_id: 'operation.alpha.x' }
    expect(hooksOf(more, 'on-run-start')).toEqual([
      'operation.shop.shop-on-run-start-0',
      'operation.shop.shop-on-run-start-1',
      'operation.alpha.x',
      'operation.extras.extras-on-run-start-0',
    ])
  })

  it('run when there is something to do, for commands that build or test', () => {
    expect(hooks('run', ['model.shop.orders'])).toEqual([3, 2])
    expect(hooks('run', [])).toEqual([0, 0])
    expect(hooks('run', ['model.shop.int_orders_joined'])).toEqual([3, 2])
    expect(hooks('compile', ['model.shop.orders'])).toEqual([0, 0])
    const source = ['source.shop.app.orders']
    expect(hooks('freshness', source)).toEqual([3, 2])
    expect(hooks('freshness', source, { behavior: { source_freshness_run_project_hooks: false } })).toEqual([0, 0])
  })
})

describe('deferral', () => {
  const manifest = readFixtureManifest()
  const other: Manifest = changed(manifest, [
    { path: ['nodes', 'model.shop.orders', 'schema'], value: 'prod' },
    { path: ['nodes', 'model.shop.orders', 'relation_name'], value: '"prod"."orders"' },
    { path: ['nodes', 'model.shop.orders', 'compiled_code'], value: 'select 1' },
    { path: ['nodes', 'model.shop.events'] },
    { path: ['nodes', 'model.shop.gone', 'COPY'], value: 'model.shop.orders' },
  ])
  const deferred = deferredRelations(manifest, other)

  it('offers relations of what is in both', () => {
    expect(deferred.get('model.shop.orders')).toEqual({
      database: 'shop',
      schema: 'prod',
      alias: 'orders',
      relation_name: '"prod"."orders"',
      resource_type: 'model',
      name: 'orders',
      description: 'Orders, "joined"',
      compiled_code: 'select 1',
      meta: {},
      tags: [],
      config: manifest.nodes['model.shop.orders']!.config,
    })
    expect([...deferred.keys()].filter((id) => !(id in manifest.nodes) && !(id in manifest.functions))).toEqual([])
    for (const id of ['model.shop.gone', 'model.shop.events', 'model.shop.int_payments', 'test.shop.assert_sources']) {
      expect(deferred.has(id)).toBe(false)
    }
    expect([...new Set([...deferred.values()].map((d) => d.resource_type))].sort()).toEqual([
      'function',
      'model',
      'seed',
      'snapshot',
    ])
  })
})

describe('the plan in words', () => {
  it('shows steps, what they wait for, hooks and deferral', () => {
    const manifest = readFixtureManifest()
    const dag = buildDag(manifest)
    const selected = new Set([
      'model.shop.stg_orders',
      'model.shop.orders',
      'test.shop.unique_stg_orders_order_id.e3b841c71a',
    ])
    const built = buildRunPlan({
      command: 'build',
      dag,
      manifest,
      selected,
      flags: createFlags({ fullRefresh: true }),
      state: manifest,
    })
    expect(explainPlan(built, manifest).split('\n')).toEqual([
      'build: 3 steps (2 build, 1 test), longest chain 3, full refresh',
      "on-run-start  shop: select 'shop start 1'",
      "on-run-start  shop: {{ log('shop start 2') }}",
      "on-run-start  extras: select 'extras start'",
      '1  build  stg_orders                  view   selected',
      '2  test   unique_stg_orders_order_id         after 1; test of stg_orders',
      '3  build  orders                      table  after 1, 2; selected',
      "on-run-end  shop: select 'shop end'",
      "on-run-end  extras: select 'extras end'",
      'deferred: 24 relations of the other state can stand in for what is not built here',
    ])
    expect(
      explainPlan(buildRunPlan({ command: 'run', dag, manifest, selected: new Set(), flags: createFlags() }), manifest),
    ).toBe('run: nothing to do')
  })
})

describe('commands without a plan', () => {
  it('are refused', () => expect(() => plannedCommand('deps')).toThrow("The command 'deps' does not work on the graph"))
})
