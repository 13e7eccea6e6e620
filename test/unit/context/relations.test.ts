import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { AdapterPlugin } from '../../../src/adapters/adapter.js'
import duckdb from '../../../src/adapters/duckdb/index.js'
import postgres from '../../../src/adapters/postgres/index.js'
import { RelationClass } from '../../../src/context/index.js'
import { ColumnClass } from '../../../src/context/objects/column-class.js'
import { compileTemplate, RenderThread } from '../../../src/jinja/index.js'

interface Recorded {
  readonly renders: readonly (readonly [template: string, text: string])[]
  readonly errors: readonly (readonly [template: string, message: string])[]
}

/** What dbt-core 1.11 prints for these templates with its own relations and columns. */
const RECORDED = JSON.parse(readFileSync(join(import.meta.dirname, 'relations.recorded.json'), 'utf8')) as Record<
  string,
  Recorded
>

const PLUGINS: Readonly<Record<string, AdapterPlugin>> = { duckdb, postgres }

async function render(plugin: AdapterPlugin, template: string): Promise<string> {
  const api = { Relation: new RelationClass(plugin, {}), Column: new ColumnClass(plugin) }
  const scope = { get: (name: string) => (name === 'api' ? api : undefined) }
  return compileTemplate(template, { file: 'x.sql' }).render(new RenderThread({ undefinedMode: 'strict' }), scope)
}

describe.each(Object.keys(PLUGINS))('relations and columns of %s', (type) => {
  const plugin = PLUGINS[type]!

  it.each(RECORDED[type]!.renders)('render %s', async (template, text) => {
    expect(await render(plugin, template)).toBe(text)
  })

  // dbt's first lines name Python's classes; what is wrong stands in ours too.
  it.each([
    ["{{ api.Relation.create('d','s', nothing) }}", 'Got an invalid path identifier'],
    ["{{ api.Relation.create('d','s','i').matches() }}", 'Tried to match relation, but no search path was passed!'],
    ["{{ api.Relation.create('d','s','i').matches('D','S','I') }}", 'dbt found an approximate match'],
    ["{{ api.Column('a','integer').string_size() }}", 'Called string_size() on non-string field!'],
    ["{{ api.Relation.create('d','s','i', type='nonsense') }}", "'nonsense' is not a valid RelationType"],
  ])('refuse %s', async (template, message) => {
    await expect(render(plugin, template)).rejects.toThrow(message)
  })
})

it('refuses names PostgreSQL would cut', () => {
  const relations = new RelationClass(postgres, {})
  const identifier = 'x'.repeat(64)
  expect(() => relations.create({ identifier, type: 'table' })).toThrow(
    `Relation name '${identifier}' is longer than 63`,
  )
  expect(relations.create({ identifier }).render()).toBe(`"${identifier}"`)
})
