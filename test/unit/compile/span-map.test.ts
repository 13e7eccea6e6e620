import { describe, expect, it } from 'vitest'
import { compileNode, locateDatabaseError } from '../../../src/compile/index.js'
import { PlumbError } from '../../../src/core/diagnostic.js'
import { type Fixture, fixture, model } from '../context/session-fixture.js'

/** What DuckDB says of the compiled query, its place moved to the template. */
async function failing(shop: Fixture, sql: string): Promise<{ at: string; text: string }> {
  const node = model('m', sql, { dependsOn: ['model.shop.eph'] })
  const compiled = await compileNode(shop.session, node, { write: false })
  const connection = await shop.adapter.connect('test')
  try {
    await connection.execute(`create table t as (\n  ${compiled.sql}\n)`)
    throw new Error('the statement was meant to fail')
  } catch (error) {
    if (!(error instanceof PlumbError)) throw error
    const { first } = locateDatabaseError(shop.session, node, compiled, error)
    return {
      at: `${first.at?.file}:${first.at?.line}:${first.at?.column}`,
      text: sql.slice(first.at?.start, first.at?.end),
    }
  } finally {
    await connection.release()
  }
}

describe('a database error', () => {
  it('is found in the template', async () => {
    const shop = await fixture({
      nodes: [model('eph', 'select 1 as id', { config: { materialized: 'ephemeral' } })],
      macros: {
        m: '{% macro cols() %}1 as one, 2 as two,\n 3 as three{% endmacro %}\n{% macro bad() %}no_such_name{% endmacro %}',
      },
    })
    // In text of the template, behind output of another length.
    const plain = await failing(shop, 'select\n  {{ cols() }},\n  no_such_column\nfrom (select 1 as x)')
    expect(plain.at).toBe('models/m.sql:3:3')
    expect(plain.text.startsWith('n')).toBe(true)
    // In what an expression put out.
    expect(await failing(shop, 'select\n  {{ cols() }},\n  {{ bad() }}\nfrom (select 1 as x)')).toEqual({
      at: 'models/m.sql:3:3',
      text: '{{ bad() }}',
    })
    // Behind an injected CTE.
    const injected = await failing(shop, "select nope\nfrom {{ ref('eph') }}")
    expect(injected.at).toBe('models/m.sql:1:8')
    // Without Jinja at all.
    expect((await failing(shop, 'select 1,\n  nope')).at).toBe('models/m.sql:2:3')
    await shop.close()
  })
})
