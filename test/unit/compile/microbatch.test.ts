import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  type BatchSize,
  batchId,
  batchScopeValues,
  compileNode,
  planBatches,
  withBatch,
} from '../../../src/compile/index.js'
import { formatBatchStart } from '../../../src/context/index.js'
import { PyDateTime, toStr } from '../../../src/jinja/index.js'
import { fixture, model } from '../context/session-fixture.js'

type Case = [
  input: [BatchSize, boolean, begin: string, now: string, start: string | null, end: string | null, lookback: number],
  count: number,
  firstAndLast: [[string, string], [string, string]],
  firstId: string,
  lastName: string,
]

/** Batches dbt-core 1.11 plans for these windows. */
const RECORDED = JSON.parse(readFileSync(join(import.meta.dirname, 'batches.recorded.json'), 'utf8')) as Case[]

const utc = (text: string): Date => new Date(`${text.length === 10 ? `${text}T00:00:00` : text}Z`)
const shown = (date: Date): string => toStr(PyDateTime.fromDate(date))

describe('planBatches', () => {
  it.each(RECORDED)('plans %j', (input, count, firstAndLast, firstId, lastName) => {
    const [size, isIncremental, begin, now, start, end, lookback] = input
    const node = model('m', '', {
      config: { incremental_strategy: 'microbatch', materialized: 'incremental', batch_size: size, lookback, begin },
    })
    const batches = planBatches(node, {
      now: utc(now),
      isIncremental,
      eventTimeStart: start === null ? null : utc(start),
      eventTimeEnd: end === null ? null : utc(end),
    })
    const [first, last] = [batches[0]!, batches.at(-1)!]
    expect(batches).toHaveLength(count)
    expect([first, last].map((b) => [shown(b.start), shown(b.end)])).toEqual(firstAndLast)
    expect(batchId(first, size)).toBe(firstId)
    expect(formatBatchStart(PyDateTime.fromDate(last.start), size)).toBe(lastName)
  })

  it('asks for what the config lacks', () => {
    const window = { now: new Date(), isIncremental: false }
    expect(() => planBatches(model('m', ''), window)).toThrow("does not have a 'batch_size' config")
    expect(() => planBatches(model('m', '', { config: { batch_size: 'day' } }), window)).toThrow(
      "Microbatch model 'm' requires a 'begin' configuration.",
    )
  })
})

describe('a batch', () => {
  const config = {
    incremental_strategy: 'microbatch',
    materialized: 'incremental',
    batch_size: 'day',
    begin: '2024-01-01',
  }
  const events = model('events', 'select 1', { config: { event_time: 'at' } })
  const daily = model(
    'daily',
    "select * from {{ ref('events') }} -- {{ model.batch.id }} {{ model.batch.event_time_start }}",
    {
      config,
      dependsOn: ['model.shop.events'],
    },
  )
  const batch = { start: new Date('2024-01-02T00:00:00Z'), end: new Date('2024-01-03T00:00:00Z') }

  it('reads its window of what it references, and is kept in a file of its own', async () => {
    const shop = await fixture({ nodes: [events, daily] })
    const node = withBatch(daily, batch)
    const { sql } = await compileNode(shop.session, node, { splitSuffix: '2024-01-02' })
    expect(sql).toBe(
      'select * from (select * from "memory"."main"."events" where at >= \'2024-01-02 00:00:00+00:00\' and at < ' +
        "'2024-01-03 00:00:00+00:00') -- 20240102 2024-01-02 00:00:00+00:00",
    )
    expect(node.compiled_path).toBe('target/compiled/shop/models/daily/daily_2024-01-02.sql')
    expect(daily.batch).toBeUndefined()
    await shop.close()
  })

  it('is read through what it has in common with --sample', async () => {
    const shop = await fixture({
      nodes: [events, daily],
      flags: { sample: '{start: 2024-01-02T12:00:00, end: 2024-02-01}' },
    })
    const { sql } = await compileNode(shop.session, withBatch(daily, batch), { write: false })
    expect(sql).toContain("at >= '2024-01-02 12:00:00+00:00' and at < '2024-01-03 00:00:00+00:00'")
    await shop.close()
  })

  it('adds to the relation when it is not the first', () => {
    expect([...batchScopeValues(true).keys()]).toEqual(['is_incremental', 'should_full_refresh'])
    expect(batchScopeValues(false).size).toBe(0)
  })
})
