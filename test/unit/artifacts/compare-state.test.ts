import { describe, expect, it } from 'vitest'
import { compareState, type StateAspect } from '../../../src/artifacts/index.js'
import { PlumbError } from '../../../src/core/diagnostic.js'
import type { PlumbEvent } from '../../../src/core/event.js'
import { allResources, type MacroNode, type Manifest, type SeedNode } from '../../../src/manifest/index.js'
import { type Answer, changed, readCases, readFixtureManifest, type StateCase } from '../graph/selection-fixture.js'

const cases = readCases<StateCase[]>('state-cases.json')
const manifest = readFixtureManifest()

/** What `list` can show; dbt was asked with it. */
const LISTED = [...allResources(manifest)].filter((node) => node.resource_type !== 'operation')

function ask(before: Manifest, aspect: string, flags: Record<string, string> = {}): Answer {
  const events: PlumbEvent[] = []
  const state = compareState(manifest, before, {
    emit: (event) => events.push(event),
    compareMoreUnrendered: flags['state_modified_compare_more_unrendered_values'] === 'true',
  })
  try {
    if (aspect === 'modified' || aspect === 'modified.contract') state.checkRemoved()
    const ids = LISTED.filter((node) =>
      aspect === 'new' ? !state.existed(node.unique_id) : state.isModified(node, aspect as StateAspect),
    ).map((node) => node.unique_id)
    const warnings = events.map((e) => ({
      event: e.name,
      ...(e.name === 'UnversionedBreakingChange' ? { breaking_changes: e.data['breaking_changes'] as string[] } : {}),
    }))
    return { ids: ids.sort(), ...(warnings.length > 0 ? { warnings } : {}) }
  } catch (error) {
    if (!(error instanceof PlumbError)) throw error
    return { error: `Breaking change to contract Error in ${error.first.subject}\n${error.message}` }
  }
}

/** dbt prints Python's name of the enum and indents messages. */
function readable(answer: Answer): Answer {
  const plain = (text: string) => text.replaceAll('ConstraintType.', '')
  return {
    ...(answer.ids === undefined ? {} : { ids: answer.ids }),
    ...(answer.error === undefined ? {} : { error: answer.error.replaceAll('\n  ', '\n') }),
    ...(answer.warnings === undefined
      ? {}
      : {
          warnings: answer.warnings.map((w) =>
            w.breaking_changes === undefined ? w : { ...w, breaking_changes: w.breaking_changes.map(plain) },
          ),
        }),
  }
}

describe('state, compared as dbt-core compares it', () => {
  it.each(cases.map((c) => [c.name, c] as const))('%s', (_, { changes, flags, answers }) => {
    const before = changed(manifest, changes)
    for (const [aspect, answer] of Object.entries(answers)) {
      expect([aspect, ask(before, aspect, flags)]).toEqual([aspect, readable(answer)])
    }
  })

  it('covers at least 100 changes, of which most are seen', () => {
    expect(cases.length).toBeGreaterThan(100)
    expect(cases.filter((c) => (c.answers['modified']?.ids?.length ?? 1) > 0).length).toBeGreaterThan(70)
  })
})

describe('what dbt could not be asked', () => {
  const large = (checksum: SeedNode['checksum'], path: string): Manifest =>
    changed(manifest, [{ path: ['nodes', 'seed.shop.rates', 'checksum'], value: { ...checksum, checksum: path } }])

  it('warns of seeds too large to compare', () => {
    const now = large({ name: 'path', checksum: '' }, 'seeds/rates.csv')
    const warn = (before: Manifest) => {
      const names: string[] = []
      const state = compareState(now, before, { emit: (event) => names.push(event.name) })
      return [state.isModified(now.nodes['seed.shop.rates']!, 'modified'), names]
    }
    expect(warn(manifest)).toEqual([true, ['SeedIncreased']])
    expect(warn(now)).toEqual([false, ['SeedExceedsLimitSamePath']])
    expect(warn(large({ name: 'path', checksum: '' }, 'old/rates.csv'))).toEqual([
      true,
      ['SeedExceedsLimitAndPathChanged'],
    ])
  })

  it('does not count changes of built-in macros', () => {
    const test = 'macro.dbt.test_unique'
    expect(manifest.macros[test]).toBeDefined()
    const before = changed(manifest, [{ path: ['macros', test, 'macro_sql'], value: 'other' }])
    const unique = Object.values(manifest.nodes).find((n) => n.name === 'unique_stg_orders_order_id')!
    expect(compareState(manifest, before, { emit: () => {} }).isModified(unique, 'modified')).toBe(false)
    const strict = compareState(manifest, before, { emit: () => {}, builtinPackages: [] })
    expect(strict.isModified(unique, 'modified.macros')).toBe(true)
  })

  it('sees a changed macro through macros that call each other', () => {
    const macro = (name: string, calls: string[]): MacroNode => ({
      ...manifest.macros['macro.shop.cents']!,
      name,
      unique_id: `macro.shop.${name}`,
      depends_on: { macros: calls.map((c) => `macro.shop.${c}`) },
    })
    const now = structuredClone(manifest)
    for (const m of [macro('ping', ['pong']), macro('pong', ['ping', 'leaf']), macro('leaf', [])])
      now.macros[m.unique_id] = m
    const model = now.nodes['model.shop.orders']!
    if (model.resource_type !== 'model') throw new Error('no model')
    model.depends_on.macros = ['macro.shop.ping']
    const before = structuredClone(now)
    before.macros['macro.shop.leaf']!.macro_sql = 'before'
    expect(compareState(now, before, { emit: () => {} }).isModified(model, 'modified.macros')).toBe(true)
    expect(compareState(now, now, { emit: () => {} }).isModified(model, 'modified.macros')).toBe(false)
  })

  it('asks the warehouse whether a constraint was enforced', () => {
    const before = changed(manifest, [
      { path: ['nodes', 'model.shop.orders', 'contract', 'checksum'], value: '0' },
      { path: ['nodes', 'model.shop.orders', 'constraints', 0, 'name'], value: 'pk' },
    ])
    const breaking = (isEnforced: (type: string) => boolean) => {
      const events: PlumbEvent[] = []
      const state = compareState(manifest, before, { emit: (event) => events.push(event), isEnforced })
      expect(state.isModified(manifest.nodes['model.shop.orders']!, 'modified.contract')).toBe(true)
      return events.length
    }
    expect(breaking((type) => type === 'primary_key')).toBe(1)
    expect(breaking(() => false)).toBe(0)
  })
})
