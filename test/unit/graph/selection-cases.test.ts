import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compareState } from '../../../src/artifacts/index.js'
import { PlumbError } from '../../../src/core/diagnostic.js'
import type { PlumbEvent } from '../../../src/core/event.js'
import {
  buildDag,
  chooseResourceTypes,
  parseSelection,
  parseSelectors,
  type RawSelectors,
  selectNodes,
} from '../../../src/graph/index.js'
import type { ResourceType } from '../../../src/manifest/index.js'
import { readYaml } from '../../../src/project/index.js'
import {
  type Asked,
  changed,
  PROJECT_ROOT,
  readCases,
  readFixtureManifest,
  type SelectionCases,
} from './selection-fixture.js'

const { cases, ...data } = readCases<SelectionCases>('selection-cases.json')
const manifest = readFixtureManifest()
const dag = buildDag(manifest)
const before = changed(manifest, data.stateChanges)
const file = readYaml(readFileSync(join(PROJECT_ROOT, 'selectors.yml'), 'utf8'), 'selectors.yml') as {
  selectors: { name: string }[]
}
const raw = Object.fromEntries(file.selectors.map((s) => [s.name, s])) as unknown as RawSelectors

/** What `dbt list` lists. */
const USUAL = new Set<ResourceType>([
  'model',
  'snapshot',
  'seed',
  'test',
  'source',
  'exposure',
  'metric',
  'saved_query',
  'semantic_model',
  'unit_test',
  'function',
])
const ALL = new Set<ResourceType>([...USUAL, 'analysis'])

function ask(asked: Asked): { ids?: string[]; error?: string; warnings?: string[] } {
  const events: PlumbEvent[] = []
  try {
    const indirectSelection = asked.indirect_selection ?? 'eager'
    const selectors = parseSelectors(raw, indirectSelection)
    const { spec } = parseSelection({ ...asked, indirectSelection, selectors })
    const ids = selectNodes(dag, manifest, spec, {
      resourceTypes: chooseResourceTypes(
        { resourceTypes: asked.resource_types, excludeResourceTypes: asked.exclude_resource_types },
        ALL,
        USUAL,
      ),
      includeEmpty: true,
      projectRoot: PROJECT_ROOT,
      selectors,
      emit: (event) => events.push(event),
      ...(asked.state === true
        ? {
            state: compareState(manifest, before, { emit: () => {} }),
            runResults: data.runResults,
            sources: { previous: data.sourcesBefore, current: data.sourcesNow },
          }
        : {}),
    })
    const warnings = events.map((e) => String(e.data['spec_raw']))
    return { ids: [...ids].sort(), ...(warnings.length > 0 ? { warnings } : {}) }
  } catch (error) {
    if (!(error instanceof PlumbError)) throw error
    return { error: error.message }
  }
}

/** Where we mean to differ, and why. */
const DIFFERENT: Readonly<Record<string, { why: string; ids: readonly string[] }>> = {
  'function:to_eur': { why: 'dbt 1.11 has no such method, v2 does', ids: ['function.shop.to_eur'] },
}

describe('selections as dbt-core makes them', () => {
  it.each(cases.map((c) => [describeCase(c), c] as const))('%s', (_, expected) => {
    const answer = ask(expected)
    const different = DIFFERENT[expected.select?.[0] ?? '']
    if (different !== undefined) {
      expect(answer.ids).toEqual(different.ids)
    } else if (expected.select?.[0] === 'path:.') {
      // dbt: fails with "tuple index out of range"; it is the project
      expect(answer.ids?.length).toBeGreaterThan(50)
    } else if (expected.error !== undefined) {
      const message = expected.error.replace(/^(Runtime|Internal) Error\n\s*/, '').replaceAll('\n  ', '\n')
      expect(answer.error).toBe(message.replaceAll('$$', '$'))
    } else {
      expect(answer.ids).toEqual(expected.ids)
      // an accidental second space is no criterion that finds nothing
      const warnings = expected.warnings?.map((w) => w.spec_raw).filter((r) => r !== '' || expected.select?.[0] === '')
      expect(answer.warnings ?? []).toEqual(warnings ?? [])
    }
  })

  it('has every method among its cases', async () => {
    const { METHOD_NAMES } = await import('../../../src/graph/index.js')
    const text = cases.map((c) => [...(c.select ?? []), ...(c.exclude ?? [])].join(' ')).join(' ')
    // `column:` is ours: dbt has no answers to compare with.
    const dbts = METHOD_NAMES.filter((m) => m !== 'selector' && m !== 'column')
    expect(dbts.filter((m) => !text.includes(`${m}:`) && !text.includes(`${m}.`))).toEqual([])
  })
})

function describeCase(asked: Asked): string {
  return Object.entries(asked)
    .filter(([key]) => !['ids', 'error', 'warnings'].includes(key))
    .map(([key, value]) => `${key} ${JSON.stringify(value)}`)
    .join(' ')
}
