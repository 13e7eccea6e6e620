import { describe, expect, test } from 'vitest'
import { createSemanticEngine } from '../../src/semantic/index.js'
import { CASES } from './support/cases.js'
import { shopManifest } from './support/shop.js'

const engine = createSemanticEngine(shopManifest(), { dialect: 'duckdb' })

function lineageOf(name: string) {
  const found = CASES.find((candidate) => candidate.name === name)!
  return engine.compile(found.query).lineage()
}

describe('lineage of compiled queries', () => {
  test('a column of the answer comes from the columns it is made of, filters included', () => {
    const lineage = lineageOf('filters on both sides of a join')
    expect(lineage).toMatchInlineSnapshot(`
      {
        "columns": Map {
          "revenue" => [
            {
              "column": "amount",
              "relation": "shop.orders",
              "semanticModel": "orders",
            },
          ],
        },
        "tables": [
          {
            "columns": [
              "amount",
              "ordered_at",
              "customer_id",
            ],
            "relation": "shop.orders",
            "semanticModels": [
              "orders",
            ],
          },
          {
            "columns": [
              "country",
              "customer_id",
            ],
            "relation": "shop.customers",
            "semanticModels": [
              "customers",
            ],
          },
        ],
      }
    `)
  })

  test('through aggregation, window and join to the time spine', () => {
    expect(lineageOf('sum of the last seven days')).toMatchInlineSnapshot(`
      {
        "columns": Map {
          "metric_time__day" => [
            {
              "column": "date_day",
              "relation": "shop.days",
              "semanticModel": undefined,
            },
          ],
          "revenue_7d" => [
            {
              "column": "amount",
              "relation": "shop.orders",
              "semanticModel": "orders",
            },
          ],
        },
        "tables": [
          {
            "columns": [
              "date_day",
            ],
            "relation": "shop.days",
            "semanticModels": [],
          },
          {
            "columns": [
              "ordered_at",
              "amount",
            ],
            "relation": "shop.orders",
            "semanticModels": [
              "orders",
            ],
          },
        ],
      }
    `)
  })

  test('every table of every statement is in its lineage', () => {
    for (const { query, name } of CASES) {
      const { sql, lineage } = engine.compile(query)
      const read = [...new Set(sql.match(/\bshop\.\w+/g))].sort()
      const traced = [...new Set(lineage().tables.map((table) => table.relation))].sort()
      expect(traced, name).toEqual(read)
    }
  })
})

describe('explanations', () => {
  test('say the plan in words', () => {
    const explained = engine.explain({ metrics: ['orders_per_visit'], groupBy: ['metric_time__month'] })
    expect(explained.steps.map((step) => step.text)).toMatchInlineSnapshot(`
      [
        "read orders",
        "sum of order_count (CASE WHEN order_id IS NOT NULL THEN 1 ELSE 0 END) by metric_time__month",
        "read visits",
        "sum of visit_count (CASE WHEN visit_id IS NOT NULL THEN 1 ELSE 0 END) by metric_time__month",
        "put together order_count | visit_count by metric_time__month",
        "orders_per_visit = order_count / visit_count",
        "return metric_time__month, orders_per_visit",
      ]
    `)
  })
})
