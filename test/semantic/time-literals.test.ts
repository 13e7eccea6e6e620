import { describe, expect, it } from 'vitest'
import { createSemanticEngine } from '../../src/semantic/index.js'
import { shopManifest } from './support/shop.js'

const engines = {
  trino: createSemanticEngine(shopManifest(), { dialect: 'trino' }),
  snowflake: createSemanticEngine(shopManifest(), { dialect: 'snowflake' }),
}
const DAY = "{{ TimeDimension('metric_time', 'day') }}"
const STATUS = "{{ Dimension('order__status') }}"

/** The condition that a filter becomes. */
function condition(filter: string, dialect: keyof typeof engines, trusted: boolean): string {
  const { sql } = engines[dialect].compile({ metrics: ['revenue'], where: [filter], trusted })
  return sql
    .slice(sql.indexOf('WHERE ') + 6)
    .replaceAll("DATE_TRUNC('day', orders.ordered_at)", 'day')
    .replaceAll('orders.', '')
}

describe('texts that times are compared with', () => {
  it.each([
    [`${DAY} >= '2024-01-31'`, "day >= TIMESTAMP '2024-01-31'"],
    [`${DAY} < '2024-01-31 12:30:00.5'`, "day < TIMESTAMP '2024-01-31 12:30:00.5'"],
    [`${DAY} BETWEEN '2024-01-01' AND '2024-01-31'`, "day BETWEEN TIMESTAMP '2024-01-01' AND TIMESTAMP '2024-01-31'"],
    [`${DAY} IN ('2024-01-01', '2024-01-02')`, "day IN (TIMESTAMP '2024-01-01', TIMESTAMP '2024-01-02')"],
    [`${DAY} >= DATE '2024-01-31'`, "day >= DATE '2024-01-31'"],
    [`${DAY} >= CAST('2024-01-31' AS DATE)`, "day >= CAST('2024-01-31' AS DATE)"],
    [`${STATUS} = '2024-01-31'`, "status = '2024-01-31'"],
    [`${DAY} > '2024-01-01' AND ${STATUS} = '2024-01-31'`, "day > TIMESTAMP '2024-01-01' AND status = '2024-01-31'"],
    [`${DAY} = 'soon'`, "day = 'soon'"],
  ])('%s', (filter, expected) => {
    for (const trusted of [true, false]) {
      expect(condition(filter, 'trino', trusted)).toBe(expected)
      expect(condition(filter, 'snowflake', trusted)).toBe(expected.replaceAll('TIMESTAMP ', ''))
    }
  })
})
