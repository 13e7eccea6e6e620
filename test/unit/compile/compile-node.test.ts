import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { compileInline, compileNode, prepareUnitTest } from '../../../src/compile/index.js'
import { ConnectionHolder, callMacro, createRunScope, type TemplateSession } from '../../../src/context/index.js'
import type { UnitTestDefinition } from '../../../src/manifest/index.js'
import { type Fixture, type FixtureOptions, fixture, genericTest, model, source } from '../context/session-fixture.js'

const open: Fixture[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

async function project(options: FixtureOptions): Promise<Fixture> {
  const made = await fixture(options)
  open.push(made)
  return made
}

const EPH = { config: { materialized: 'ephemeral' } }

describe('compileNode', () => {
  it('puts ephemeral models before the query, each once, innermost first', async () => {
    const base = model('base', 'select 1 as id', EPH)
    const left = model('left', "select * from {{ ref('base') }}", { ...EPH, dependsOn: ['model.shop.base'] })
    const right = model('right', "with r as (select * from {{ ref('base') }}) select * from r", {
      ...EPH,
      alias: 'right_side',
      dependsOn: ['model.shop.base'],
    })
    const top = model('top', "select * from {{ ref('left') }} join {{ ref('right') }} using (id)", {
      dependsOn: ['model.shop.left', 'model.shop.right'],
    })
    const { session, dir } = await project({ nodes: [base, left, right, top], bare: true })
    const { sql } = await compileNode(session, top)
    expect(sql).toBe(
      'with __dbt__cte__base as (\nselect 1 as id\n),  __dbt__cte__left as (\nselect * from __dbt__cte__base\n),  ' +
        '__dbt__cte__right_side as (\nwith r as (select * from __dbt__cte__base) select * from r\n) ' +
        'select * from __dbt__cte__left join __dbt__cte__right_side using (id)',
    )
    expect(top.extra_ctes?.map((c) => c.id)).toEqual(['model.shop.base', 'model.shop.left', 'model.shop.right'])
    expect(top).toMatchObject({
      compiled: true,
      compiled_code: sql,
      extra_ctes_injected: true,
      compiled_path: 'target/compiled/shop/models/top.sql',
    })
    expect(readFileSync(join(dir, 'target/compiled/shop/models/top.sql'), 'utf8')).toBe(sql)
    expect(readFileSync(join(dir, 'target/compiled/shop/models/left.sql'), 'utf8')).toBe(
      'with __dbt__cte__base as (\nselect 1 as id\n) select * from __dbt__cte__base',
    )
  })

  it('renders an ephemeral model once for everybody', async () => {
    const eph = model('eph', "{{ log('rendered', info=true) }}select 1 as id", EPH)
    const users = ['a', 'b', 'c'].map((name) =>
      model(name, "select * from {{ ref('eph') }}", { dependsOn: ['model.shop.eph'] }),
    )
    const { session, events } = await project({ nodes: [eph, ...users], bare: true })
    await Promise.all(users.map((node) => compileNode(session, node, { write: false })))
    expect(events.filter((e) => e.msg === 'rendered')).toHaveLength(1)
  })

  it('gives generic tests their arguments as values', async () => {
    const orders = model('orders', 'select 1 as id')
    const test = genericTest(
      'accepted',
      'accepted_values',
      {
        column_name: 'id',
        model: "{{ get_where_subquery(ref('orders')) }}",
        values: [1, '{{ 1 + 1 }}', "{{ 'x' }}"],
        quote: false,
      },
      ['model.shop.orders'],
    )
    const { session } = await project({ nodes: [orders, test] })
    const { sql } = await compileNode(session, test)
    expect(sql).toContain('from "memory"."main"."orders"')
    expect(sql.replace(/\s+/g, ' ')).toContain('1,2,x')
    expect(test.compiled_path).toBe('target/compiled/shop/models/schema.yml/accepted.sql')
  })

  it('turns the targets of foreign keys into relations', async () => {
    const parent = model('parent', 'select 1 as id')
    const child = model('child', 'select 1 as id', {
      dependsOn: ['model.shop.parent'],
      constraints: [
        {
          type: 'foreign_key',
          name: null,
          expression: null,
          warn_unenforced: true,
          warn_unsupported: true,
          to: "ref('parent')",
          to_columns: ['id'],
          columns: ['id'],
        },
      ],
    })
    const { session } = await project({ nodes: [parent, child], bare: true })
    await compileNode(session, child, { write: false })
    expect(child.constraints[0]?.to).toBe('"memory"."main"."parent"')
  })

  it('names the node and the place in its file', async () => {
    const broken = model('broken', "select 1\nfrom {{ ref('nope') }}")
    const { session } = await project({
      nodes: [broken],
      bare: true,
      files: { 'models/broken.sql': "\n\nselect 1\nfrom {{ ref('nope') }}\n" },
    })
    const error = await compileNode(session, broken).catch((e: unknown) => e)
    expect(error).toMatchObject({
      first: {
        nodeId: 'model.shop.broken',
        subject: 'model broken (models/broken.sql)',
        at: { file: 'models/broken.sql', line: 4, column: 9 },
      },
    })
  })
})

describe('compileInline', () => {
  it('compiles a query that stands in no file', async () => {
    const { session, dir } = await project({
      nodes: [model('eph', 'select 1 as id', EPH), model('a', 'select 1')],
      sources: [source('raw', 't')],
      bare: true,
    })
    const { sql, node } = await compileInline(
      session,
      "select * from {{ ref('eph') }}, {{ ref('a') }}, {{ source('raw', 't') }}",
    )
    expect(sql).toBe(
      'with __dbt__cte__eph as (\nselect 1 as id\n) select * from __dbt__cte__eph, "memory"."main"."a", "memory"."raw"."t"',
    )
    expect(node.depends_on.nodes).toEqual(['model.shop.eph', 'model.shop.a', 'source.shop.raw.t'])
    expect(existsSync(join(dir, 'target/compiled/shop/sql'))).toBe(false)
    await expect(compileInline(session, "select * from {{ ref('nope') }}")).rejects.toThrow(
      "depends on a node named 'nope' which was not found",
    )
  })
})

describe('unit tests', () => {
  const orders = model('orders', 'select 1 as id')
  const totals = model(
    'totals',
    '{{ config(materialized=\'incremental\') }}select o.id, s.name, \'{{ var("word", "none") }}\' as word, \'{{ env_var("MODE_X", "no") }}\' as mode\n' +
      "from {{ ref('orders') }} o join {{ source('raw', 'names') }} s on s.id = o.id\n" +
      '{% if is_incremental() %}where o.id > (select max(id) from {{ this }}){% endif %}',
    { dependsOn: ['model.shop.orders', 'source.shop.raw.names'], config: { materialized: 'incremental' } },
  )
  const definition: UnitTestDefinition = {
    name: 'adds_names',
    resource_type: 'unit_test',
    package_name: 'shop',
    path: 'schema.yml',
    original_file_path: 'models/schema.yml',
    unique_id: 'unit_test.shop.totals.adds_names',
    fqn: ['shop', 'totals', 'adds_names'],
    model: 'totals',
    given: [
      { input: "ref('orders')", rows: [{ id: 1 }, { id: 2 }], format: 'dict', fixture: null },
      { input: "source('raw', 'names')", rows: "select 2 as id, 'two' as name", format: 'sql', fixture: null },
      { input: 'this', rows: [{ id: 1 }], format: 'dict', fixture: null },
    ],
    expect: { rows: [{ id: 2, name: 'two', word: 'hi', mode: 'm' }], format: 'dict', fixture: null },
    description: '',
    overrides: { macros: { is_incremental: true }, vars: { word: 'hi' }, env_vars: { MODE_X: 'm' } },
    depends_on: { macros: [], nodes: ['model.shop.totals'] },
    config: { enabled: true, tags: [], meta: {} },
    checksum: null,
    schema: null,
    created_at: 0,
    versions: null,
    version: null,
  }

  async function runUnitTest(session: TemplateSession, shop: Fixture, test: UnitTestDefinition) {
    const prepared = prepareUnitTest(session, test)
    const connection = new ConnectionHolder(shop.adapter, test.unique_id, prepared.node)
    const compiled = await compileNode(prepared.session, prepared.node, { connection })
    const scope = createRunScope(prepared.session, prepared.node, { connection })
    const { macro } = session.macros.findMaterialization('unit')!
    await callMacro(scope, macro)
    await connection.release()
    return {
      sql: compiled.sql,
      result: scope.results.get('main') as unknown as { table: { rows: { values: unknown[] }[] } },
    }
  }

  async function warehouse(): Promise<{ shop: Fixture; session: TemplateSession }> {
    const shop = await project({ nodes: [orders, totals], sources: [source('raw', 'names')] })
    const connection = await shop.adapter.connect('setup')
    await connection.execute('create schema raw')
    await connection.execute('create table main.orders (id integer)')
    await connection.execute('create table main.totals (id integer, name varchar, word varchar, mode varchar)')
    await connection.execute('create table raw.names (id integer, name varchar)')
    await connection.release()
    return { shop, session: shop.connected() }
  }

  it('run the model on fixtures, with overrides', async () => {
    const { shop, session } = await warehouse()
    const { sql, result } = await runUnitTest(session, shop, definition)
    expect(sql).toContain('__dbt__cte__orders as (')
    expect(sql).toContain("__dbt__cte__raw__names as (\nselect 2 as id, 'two' as name\n)")
    expect(sql).toContain('select max(id) from __dbt__cte__totals')
    expect(sql).toContain("'hi' as word, 'm' as mode")
    expect(result.table.rows.map((r) => r.values)).toEqual([
      [2, 'two', 'hi', 'm', 'actual'],
      [2, 'two', 'hi', 'm', 'expected'],
    ])
  })

  it('refuse inputs that are not there', async () => {
    const { session } = await warehouse()
    const given = [{ input: "ref('nope')", rows: [], format: 'dict' as const, fixture: null }]
    expect(() => prepareUnitTest(session, { ...definition, given })).toThrow(
      "Unit test 'adds_names' had an input (ref('nope')) which was not found in the manifest.",
    )
    const wrong = [{ input: "var('x')", rows: [], format: 'dict' as const, fixture: null }]
    expect(() => prepareUnitTest(session, { ...definition, given: wrong })).toThrow(
      "Unit test given inputs must be either a 'ref', 'source' or 'this' call. Got: 'var('x')'.",
    )
  })

  it('fail for an input without a fixture', async () => {
    const { shop, session } = await warehouse()
    const without = { ...definition, given: definition.given.slice(1) }
    await expect(runUnitTest(session, shop, without)).rejects.toThrow(
      "depends on a node named 'orders' which was not found",
    )
  })
})
