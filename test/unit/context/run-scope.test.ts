import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConnectionHolder, createRunScope, type RunScopeOptions } from '../../../src/context/index.js'
import type { Flags } from '../../../src/core/flags.js'
import { compileTemplate } from '../../../src/jinja/index.js'
import type { ManifestNode } from '../../../src/manifest/index.js'
import { type Fixture, fixture, model, seed, source } from './session-fixture.js'

const A = model('a', 'select 1 as id')
const NODES: ManifestNode[] = [
  A,
  model('private_one', 'select 1', { access: 'private', group: 'g' }),
  model('dim', 'select 1', { unique_id: 'model.shop.dim.v1', version: 1, latest_version: 2, alias: 'dim_v1' }),
  model('dim', 'select 2', { unique_id: 'model.shop.dim.v2', version: 2, latest_version: 2, alias: 'dim_v2' }),
  model('timed', 'select 1', { config: { event_time: 'at' } }),
  model('eph', 'select 3 as id', { config: { materialized: 'ephemeral' } }),
]
const ALL = NODES.map((n) => n.unique_id)

let shop: Fixture

beforeAll(async () => {
  shop = await fixture({
    nodes: NODES,
    sources: [
      source('raw', 'orders'),
      source('raw', 'files', { meta: { external_location: 'data/{name}.csv' } }),
      source('raw', 'unquoted', { quoting: { database: false, schema: false, identifier: false, column: null } }),
    ],
    env: { SHOP_MODE: 'test', DBT_ENV_CUSTOM_ENV_TEAM: 'blue' },
    flags: { which: 'run', fullRefresh: true, args: { which: 'run', full_refresh: true, vars: {} } },
    selected: ['model.shop.a'],
  })
})
afterAll(() => shop.close())

async function run(
  sql: string,
  node: ManifestNode = model('b', sql, { dependsOn: ALL }),
  options: RunScopeOptions = {},
) {
  const session = shop.connected()
  const connection = new ConnectionHolder(shop.adapter, node.unique_id, node, (event) => shop.events.push(event))
  const scope = createRunScope(session, node, { connection, ...options })
  try {
    return await compileTemplate(sql, { file: node.original_file_path }).render(scope.thread, scope)
  } finally {
    await connection.release()
  }
}

describe('ref', () => {
  it('gives the relation of the node it names', async () => {
    expect(await run("{{ ref('a') }} {{ ref('shop', 'a') }} {{ ref('dim') }} {{ ref('dim', v=1) }}")).toBe(
      '"memory"."main"."a" "memory"."main"."a" "memory"."main"."dim_v2" "memory"."main"."dim_v1"',
    )
  })

  it('gives the name of the CTE of an ephemeral model, and notes that it is needed', async () => {
    const node = model('b', '', { dependsOn: ALL })
    const scope = createRunScope(shop.connected(), node)
    const sql = await compileTemplate("select * from {{ ref('eph') }}", { file: 'x' }).render(scope.thread, scope)
    expect(sql).toBe('select * from __dbt__cte__eph')
    expect([...scope.ctes]).toEqual(['model.shop.eph'])
  })

  it('says what is missing, and what was meant', async () => {
    const error = await run("{{ ref('aa') }}").catch((e: unknown) => e)
    expect(error).toMatchObject({
      first: {
        code: 'ref-not-found',
        message: "Model 'model.shop.b' (models/b.sql) depends on a node named 'aa' which was not found",
        hint: "did you mean 'a'?",
      },
    })
    await expect(run("{{ ref('other', 'a', v=3) }}")).rejects.toThrow(
      "depends on a node named 'a' with version '3' in package or project 'other' which was not found",
    )
  })

  it('refuses what was not seen while parsing', async () => {
    await expect(run("{{ ref('a') }}", model('b', ''))).rejects.toThrow("-- depends_on: {{ ref('a') }}")
  })

  it('refuses private models of another group', async () => {
    await expect(run("{{ ref('private_one') }}")).rejects.toThrow(
      "which is not allowed because the referenced node is private to the 'g' group.",
    )
    const inGroup = model('b', '', { dependsOn: ALL, group: 'g' })
    expect(await run("{{ ref('private_one') }}", inGroup)).toBe('"memory"."main"."private_one"')
  })
})

describe('deferred references', () => {
  const there = model('there', 'select 1')
  const missing = model('missing', 'select 1')
  for (const node of [there, missing]) {
    node.defer_relation = {
      database: 'memory',
      schema: 'prod',
      alias: node.name,
      relation_name: null,
      resource_type: 'model',
      name: node.name,
      description: '',
      compiled_code: null,
      meta: {},
      tags: [],
      config: null,
    }
  }
  const nodes = [there, missing]

  async function deferred(flags: Partial<Flags>, selected: readonly string[] = []): Promise<string> {
    const made = await fixture({ nodes, flags, selected, bare: true })
    const setup = await made.adapter.connect('setup')
    await setup.execute('create table main.there as select 1')
    await setup.release()
    const node = model('b', '', { dependsOn: nodes.map((n) => n.unique_id) })
    const connection = new ConnectionHolder(made.adapter, 'b', node)
    const scope = createRunScope(made.connected(), node, { connection })
    const sql = "{{ ref('there') }} {{ ref('missing') }}"
    const text = await compileTemplate(sql, { file: 'x' }).render(scope.thread, scope)
    await connection.release()
    await made.close()
    return text
  }

  it('stand in for what is not there', async () => {
    expect(await deferred({})).toBe('"memory"."main"."there" "memory"."main"."missing"')
    expect(await deferred({ defer: true })).toBe('"memory"."main"."there" "memory"."prod"."missing"')
  })

  it('stand in for what is not selected, when state is favoured', async () => {
    expect(await deferred({ defer: true, favorState: true })).toBe('"memory"."prod"."there" "memory"."prod"."missing"')
    expect(await deferred({ defer: true, favorState: true }, ['model.shop.there'])).toBe(
      '"memory"."main"."there" "memory"."prod"."missing"',
    )
  })
})

describe('empty and time-filtered references', () => {
  it('reads no rows under --empty', async () => {
    const empty = await fixture({
      nodes: NODES,
      sources: [source('raw', 'orders')],
      flags: { empty: true },
      bare: true,
    })
    const scope = createRunScope(empty.session, model('b', '', { dependsOn: ALL }))
    const text = await compileTemplate("{{ ref('a') }} {{ source('raw', 'orders') }} {{ ref('a').render() }}", {
      file: 'x',
    }).render(scope.thread, scope)
    expect(text).toBe(
      '(select * from "memory"."main"."a" where false limit 0) ' +
        '(select * from "memory"."raw"."orders" where false limit 0) "memory"."main"."a"',
    )
    await empty.close()
  })

  it('reads a window of time under --sample', async () => {
    const sampled = await fixture({ nodes: NODES, flags: { sample: '3 days' }, bare: true })
    const scope = createRunScope(sampled.session, model('b', '', { dependsOn: ALL }))
    const text = await compileTemplate("{{ ref('timed') }} {{ ref('a') }}", { file: 'x' }).render(scope.thread, scope)
    expect(text).toBe(
      '(select * from "memory"."main"."timed" where at >= \'2024-03-07 12:30:00+00:00\' and at < ' +
        '\'2024-03-10 12:30:00+00:00\') "memory"."main"."a"',
    )
    await sampled.close()
  })
})

describe('source', () => {
  it('gives the relation, a file where the source lies in one', async () => {
    expect(
      await run("{{ source('raw', 'orders') }} {{ source('raw', 'files') }} {{ source('raw', 'unquoted') }}"),
    ).toBe('"memory"."raw"."orders" \'data/files.csv\' memory.raw.unquoted')
    await expect(run("{{ source('raw', 'order') }}")).rejects.toThrow(
      "depends on a source named 'raw.order' which was not found",
    )
  })
})

describe('values', () => {
  it('knows the invocation, the target and the environment', async () => {
    expect(
      await run(
        "{{ run_started_at }}|{{ run_started_at.strftime('%Y') }}|{{ invocation_id }}|{{ target.name }}/{{ target.type }}/" +
          "{{ target.schema }}/{{ target['profile_name'] }}/{{ target.threads }}|{{ env_var('SHOP_MODE') }}|" +
          "{{ env_var('NOPE_X', 'd') }}|{{ dbt_metadata_envs }}|{{ flags.FULL_REFRESH }} {{ flags.WHICH }}|" +
          '{{ execute }}|{{ project_name }}|{{ selected_resources }}|{{ thread_id }}|{{ invocation_args_dict }}',
      ),
    ).toBe(
      '2024-03-10 12:30:00+00:00|2024|00000000-0000-0000-0000-000000000001|dev/duckdb/main/shop/4|test|d|' +
        "{'TEAM': 'blue'}|True run|True|shop|['model.shop.a']|MainThread|{'which': 'run', 'full_refresh': True, 'vars': {}}",
    )
    await expect(run("{{ env_var('NOPE_X') }}")).rejects.toThrow("Env var required but not provided: 'NOPE_X'")
    await expect(run("{{ env_var('DBT_ENV_SECRET_X', 'a') }}")).rejects.toThrow('Secret env vars are allowed only in')
  })

  it('fails for missing vars', async () => {
    await expect(run("{{ var('nope') }}")).rejects.toThrow(
      "Required var 'nope' not found in config:\nVars supplied to b = {}",
    )
    expect(await run("{{ var('nope', none) }} {{ var.has_var('nope') }}")).toBe('None False')
  })

  it("shows the project's configuration through ref, as packages ask for it", async () => {
    expect(
      await run(
        "{% set c = builtins.ref.config %}{{ c.project_name }} {{ c.dependencies['dbt'].version }} {{ c.dependencies['shop'].version }} " +
          '{{ c.vars.to_dict() }} {{ c.args.which }} {{ c.cli_vars }} {{ adapter.config.credentials.schema }} {{ ref.current_project }}',
      ),
    ).toBe('shop 1.0 1.0 {} run {} main shop')
  })

  it('shows the node, its config and the graph', async () => {
    const node = model('b', '', {
      dependsOn: ALL,
      description: 'about b',
      config: { materialized: 'table', meta: { owner: 'me', none: null }, unique_key: ['x'], sql_header: 'set x' },
    })
    expect(
      await run(
        "{{ model.name }} {{ model.config.materialized }} {{ model['description'] }} {{ model.get('group', 'no group') }} " +
          "{{ model.config.meta }} {{ 'alias' in model.config }}|{{ config.get('unique_key') }} {{ config.get('full_refresh') }} " +
          "{{ config.get('full_refresh', true) }} {{ config.get('nope', 5) }} {{ config.require('sql_header') }} " +
          "{{ config.meta_get('owner') }} {{ config.persist_relation_docs() }}|" +
          "{{ graph.nodes['model.shop.a'].name }} {{ graph.sources | length }}|{{ this }} {{ this.name }}|{{ database }}.{{ schema }}",
        node,
      ),
    ).toBe(
      "b table about b no group {'owner': 'me', 'none': None} False|['x'] None None 5 set x me False|a 3|" +
        '"memory"."main"."b" b|memory.main',
    )
    await expect(run("{{ config.require('nope') }}", node)).rejects.toThrow(
      "Model 'model.shop.b' does not define a required config parameter 'nope'.",
    )
  })
})

describe('the warehouse', () => {
  it('answers queries', async () => {
    expect(
      await run(
        "{% set r = run_query(\"select 1 as i, 1.50::decimal(5,2) as d, 2.0::double as f, 'x' as t, true as b, " +
          "date '2024-02-01' as dt, timestamp '2024-02-01 10:00:00' as ts, [1,2] as l, null as n\") %}" +
          '{{ r.columns | map(attribute="name") | join(",") }} {% for row in r.rows %}{% for v in row %}{{ v }};{% endfor %}{% endfor %}' +
          ' {{ r.columns[5].values()[0].year }} {{ r.column_types | join(" ") }}',
      ),
    ).toBe(
      'i,d,f,t,b,dt,ts,l,n 1;1.50;2.0;x;True;2024-02-01;2024-02-01 10:00:00;[1, 2];None; 2024 ' +
        '<agate.data_types.Integer> <agate.data_types.Number> <agate.data_types.Number> <agate.data_types.Text> ' +
        '<agate.data_types.Boolean> <agate.data_types.Date> <agate.data_types.DateTime> <agate.data_types.Text> ' +
        '<agate.data_types.Integer>',
    )
  })

  it('keeps statement results by name, once', async () => {
    expect(
      await run(
        "{% call statement('s', fetch_result=True) %}select 7 as seven{% endcall %}" +
          "{% set r = load_result('s') %}{{ r['data'][0][0] }} {{ r.table.columns[0].values()[0] }} {{ r.response }} {{ load_result('zz') }}",
      ),
    ).toBe('7 7 OK None')
    await expect(
      run("{% call statement('s') %}select 1{% endcall %}{% do load_result('s') %}{% do load_result('s') %}"),
    ).rejects.toThrow("The 'statement' result named 's' has already been loaded into a variable")
  })

  it('sends the query comment with every statement, and tells the log', async () => {
    shop.events.length = 0
    await run("{% do run_query('select 1') %}")
    const [query] = shop.events.filter((e) => e.name === 'SQLQuery')
    expect(query?.msg).toBe(
      'On model.shop.b: /* {"app": "dbt", "dbt_version": "1.11.16", "profile_name": "shop", "target_name": "dev", ' +
        '"node_id": "model.shop.b"} */\nselect 1',
    )
  })

  it('creates, finds, renames and drops relations, and the cache keeps up', async () => {
    expect(
      await run(
        "{% set rel = api.Relation.create(database='memory', schema='work', identifier='t', type='table') %}" +
          '{% do adapter.create_schema(rel) %}{{ adapter.check_schema_exists("memory", "work") }} ' +
          "{% do run_query('create table ' ~ rel ~ ' as select 1 as id, 2 as n') %}" +
          "{% set found = adapter.get_relation('memory', 'work', 't') %}{{ found }} {{ found.is_table }} " +
          "{{ adapter.get_columns_in_relation(rel) | map(attribute='name') | join(',') }} " +
          "{% set to = api.Relation.create(database='memory', schema='work', identifier='u', type='table') %}" +
          '{% do adapter.rename_relation(found, to) %}{{ adapter.get_relation("memory", "work", "t") }} ' +
          '{{ adapter.get_relation("memory", "work", "u") }} {% do adapter.drop_relation(to) %}' +
          '{{ load_relation(to) }} {{ adapter.get_columns_in_relation(to) }}',
      ),
    ).toBe('True "memory"."work"."t" True id,n None "memory"."work"."u" None []')
  })

  it('refuses to guess between names that differ in case', async () => {
    await run('{% do run_query(\'create table "memory".main."MiXed" as select 1 as id\') %}')
    await expect(run("{{ adapter.get_relation('memory', 'main', 'mixed') }}")).rejects.toThrow(
      'When searching for a relation, dbt found an approximate match',
    )
  })
})

describe('exceptions and warnings', () => {
  it('raise with the node they are about', async () => {
    const error = await run("{{ exceptions.raise_compiler_error('no good') }}").catch((e: unknown) => e)
    expect(error).toMatchObject({
      first: { kind: 'compilation', message: 'no good', nodeId: 'model.shop.b', subject: 'model b (models/b.sql)' },
    })
    await expect(run("{{ exceptions.relation_wrong_type(this.incorporate(type='view'), 'table') }}")).rejects.toThrow(
      'Trying to create table "memory"."main"."b", but it currently exists as a view. Either drop',
    )
    await expect(run("{{ try_or_compiler_error('told you', adapter.dispatch, 'nope') }}")).rejects.toThrow('told you')
  })

  it('list what a contract and a query disagree on', async () => {
    await expect(
      run(
        "{{ exceptions.raise_contract_error([{'name': 'a', 'data_type': 'INT'}, {'name': 'zz', 'data_type': 'TEXT'}], " +
          "[{'name': 'a', 'data_type': 'TEXT'}, {'name': 'b_long_name', 'data_type': 'INT'}]) }}",
      ),
    ).rejects.toThrow(
      [
        '| column_name | definition_type | contract_type | mismatch_reason       |',
        '| ----------- | --------------- | ------------- | --------------------- |',
        '| a           | TEXT            | INT           | data type mismatch    |',
        '| b_long_name | INT             |               | missing in contract   |',
        '| zz          |                 | TEXT          | missing in definition |',
      ].join('\n'),
    )
  })

  it('warn, log and print', async () => {
    shop.events.length = 0
    expect(await run("[{{ exceptions.warn('careful') }}{{ log('x', info=true) }}{{ print('p') }}{{ log('d') }}]")).toBe(
      '[]',
    )
    expect(shop.events.map((e) => [e.name, e.code, e.level, e.msg])).toEqual([
      ['JinjaLogWarning', 'I061', 'warn', 'careful'],
      ['JinjaLogInfo', 'I062', 'info', 'x'],
      ['PrintEvent', 'Z052', 'info', 'p'],
      ['JinjaLogDebug', 'I063', 'debug', 'd'],
    ])
  })
})

describe('notes', () => {
  it('tell of keys that stand under meta, and of versions to come', async () => {
    const node = model('b', '', { dependsOn: ALL, config: { meta: { owner: 'me' } } })
    shop.events.length = 0
    await run("{{ config.get('owner') }}{{ ref('dim') }}", node)
    expect(shop.events.map((e) => e.name)).toEqual(['GetMetaKeyWarning'])
    const next = await fixture({
      bare: true,
      nodes: [
        ...NODES,
        model('dim', 'select 3', { unique_id: 'model.shop.dim.v3', version: 3, latest_version: 2, alias: 'dim_v3' }),
      ],
    })
    const scope = createRunScope(next.session, node)
    await compileTemplate("{{ ref('dim') }}{{ ref('dim', v=2) }}", { file: 'x' }).render(scope.thread, scope)
    expect(next.events.map((e) => [e.name, e.data['ref_max_version']])).toEqual([
      ['UnpinnedRefNewVersionAvailable', '3'],
    ])
    await next.close()
  })

  it('print tables where print() goes', async () => {
    shop.events.length = 0
    await run("{% do run_query('select 1 as one').print_table() %}")
    const printed = shop.events.filter((e) => e.name === 'PrintEvent').map((e) => e.msg)
    expect(printed.join('\n')).toContain('| one |')
  })
})

describe('functions on plain values', () => {
  it('write and read JSON and YAML as Python does', async () => {
    expect(
      await run(
        "{{ tojson({'b': [1, 2.0, none, true], 'a': 'é\"'}) }} {{ tojson({'b': 1, 'a': 2}, sort_keys=true) }} " +
          '{{ fromjson(\'{"x": [1, 1.0, 12345678901234567890, null]}\').x }} {{ fromjson("nope", "d") }} ' +
          "{{ fromyaml('a: yes\\nb: [1, 2.5]') }}",
      ),
    ).toBe(
      '{"b": [1, 2.0, null, true], "a": "\\u00e9\\""} {"a": 2, "b": 1} [1, 1.0, 12345678901234567890, None] d ' +
        "{'a': True, 'b': [1, 2.5]}",
    )
    expect(
      await run(
        "{{ toyaml({'dogs': ['good', 'bad'], 'n': none, 's': 'yes', 'o': {'a': []}, 'm': [{'k': 1, 'l': 2}]}) }}|",
      ),
    ).toBe("dogs:\n- good\n- bad\nn: null\ns: 'yes'\no:\n  a: []\nm:\n- k: 1\n  l: 2\n|")
  })

  it('know sets, zips and differences', async () => {
    expect(
      await run(
        '{{ set([1, 2, 2]) | length }} {{ set(5, "d") }} {{ zip([1, 2], ["a", "b", "c"]) | list }} {{ local_md5("x") }} ' +
          "{{ diff_of_two_dicts({'select': ['A', 'b'], 'x': ['y']}, {'SELECT': ['a']}) }}",
      ),
    ).toBe("2 d [(1, 'a'), (2, 'b')] 9dd4e461268c8034f5c8564e155c67a6 {'select': ['b'], 'x': ['y']}")
    await expect(run('{{ set_strict(5) }}')).rejects.toThrow("'int' object is not iterable")
  })

  it('render text and dispatch macros', async () => {
    expect(
      await run("{{ render('{{ this.name }}!') }} {{ dbt.type_string() }} {{ adapter.dispatch('type_int', 'dbt')() }}"),
    ).toBe('b! TEXT integer')
    await expect(run("{{ adapter.dispatch('nope', 'dbt')() }}")).rejects.toThrow(
      "In dispatch: No macro named 'nope' found within namespace: 'dbt'\n" +
        "    Searched for: 'shop.duckdb__nope', 'shop.default__nope', 'dbt.duckdb__nope', 'dbt.default__nope'",
    )
  })
})

describe('seeds', () => {
  it('load their file as a table', async () => {
    const table = await fixture({
      bare: true,
      files: {
        'seeds/people.csv': '\ufeffid,name,born,score\n1,"Ann, B",2020-01-02,1.50\n2,,,3\n',
        'seeds/bad.csv': 'a\n1\n2,3\n',
      },
    })
    const render = async (name: string, sql: string): Promise<string> => {
      const scope = createRunScope(table.session, seed(name))
      return compileTemplate(sql, { file: 'x' }).render(scope.thread, scope)
    }
    expect(
      await render(
        'people',
        '{% set t = load_agate_table() %}{{ t.column_names | join(",") }} {% for r in t.rows %}{{ r.values() | list }}{% endfor %} ' +
          '{% for c in t.column_names %}{{ adapter.convert_type(t, loop.index0) }} {% endfor %}',
      ),
    ).toBe(
      "id,name,born,score [Decimal('1'), 'Ann, B', datetime.date(2020, 1, 2), Decimal('1.50')][Decimal('2'), None, None, Decimal('3')] " +
        'integer text date float8 ',
    )
    const error = await render('bad', '{{ load_agate_table() }}').catch((e: unknown) => e)
    expect(error).toMatchObject({
      first: { message: 'Row 1 has 2 values, but Table only has 1 columns.', at: { file: 'seeds/bad.csv', line: 3 } },
    })
    await table.close()
  })
})
