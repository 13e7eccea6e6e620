import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestProject, testProject } from '../../support/project.js'
import { SHOP } from './shop.js'

const TESTS = `
metric_tests:
  - name: sums
    given: [{input: ref('orders'), rows: [{order_id: 1, ordered_at: 2024-01-03, amount: 2}]}]
    query: {metrics: [revenue]}
    expect: {rows: [{revenue: 2}]}
  - name: counts
    given:
      - {input: ref('orders'), rows: [{order_id: 1, customer_id: 7, ordered_at: 2024-01-03}]}
      - {input: ref('customers'), rows: [{customer_id: 7, country: CH}]}
    query: {metrics: [order_count], group_by: [customer__country]}
    expect: {rows: [{customer__country: CH, order_count: COUNT}]}
`
const NOTHING_ELSE = ['--exclude', 'orders_not_there']

let shop: TestProject
beforeAll(async () => {
  shop = testProject({ ...SHOP, 'metric-tests': { 'all.yml': TESTS.replace('COUNT', '1') } })
  const { code, stdout } = await shop.run('build')
  expect(code, stdout).toBe(0)
}, 60_000)
afterAll(() => shop.dispose())

interface Result {
  readonly unique_id: string
  readonly status: string
  readonly failures: number | null
  readonly message: string | null
}

function results(): Result[] {
  const text = readFileSync(join(shop.dir, 'target', 'run_results.json'), 'utf8')
  return (JSON.parse(text) as { results: Result[] }).results
}

/** Names of the metric tests that ran. */
async function ran(...args: string[]): Promise<string[]> {
  const { code, stdout } = await shop.run(...args)
  expect(code, stdout).toBe(0)
  const ids = results().map(({ unique_id }) => unique_id)
  return ids.flatMap((id) => (id.startsWith('metric_test.') ? [id.split('.').at(-1)!] : [])).sort()
}

describe('metric tests', () => {
  it('stand in run_results.json, and in no other artifact', () => {
    expect(results().filter(({ unique_id }) => unique_id.startsWith('metric_test.'))).toMatchObject([
      { unique_id: 'metric_test.test.sums', status: 'pass', failures: 0, message: null },
      { unique_id: 'metric_test.test.counts', status: 'pass', failures: 0, message: null },
    ])
    expect(readFileSync(join(shop.dir, 'target', 'manifest.json'), 'utf8')).not.toContain('metric_test')
  })

  it.each([
    [['test'], ['counts', 'sums']],
    [
      ['test', ...NOTHING_ELSE],
      ['counts', 'sums'],
    ],
    [['test', '--select', 'metric:revenue'], ['sums']],
    [['test', '--select', 'customers'], ['counts']],
    [
      ['build', '--select', 'orders'],
      ['counts', 'sums'],
    ],
    [['build', '--select', 'orders', '--indirect-selection', 'cautious'], []],
    [['build', '--select', 'orders metric:revenue', '--indirect-selection', 'cautious'], ['sums']],
    [['test', '--select', 'metric:order_count customers', '--indirect-selection', 'buildable'], ['counts']],
    [['build', '--select', 'orders', '--indirect-selection', 'empty'], []],
    [['test', '--exclude', 'metric:revenue'], ['counts']],
    [['build', '--select', 'days'], []],
    [['build', '--resource-type', 'model'], []],
    [['build', '--exclude-resource-type', 'test'], []],
    [['run'], []],
  ] as const)('%j runs %j', async (args, expected) => {
    expect(await ran(...args)).toEqual(expected)
  })

  it('fail the command, tell why, and are what a retry runs again', async () => {
    writeFileSync(join(shop.dir, 'metric-tests', 'all.yml'), TESTS.replace('COUNT', '5'))
    const { code, stdout } = await shop.run('test')
    expect(code).toBe(1)
    expect(stdout).toContain('FAIL metric test counts')
    expect(results().find(({ unique_id }) => unique_id.endsWith('.counts'))).toMatchObject({
      status: 'fail',
      failures: 1,
      message: expect.stringContaining('order_count: 5'),
    })
    writeFileSync(join(shop.dir, 'metric-tests', 'all.yml'), TESTS.replace('COUNT', '1'))
    expect(await ran('retry')).toEqual(['counts'])
    expect(results().map(({ unique_id }) => unique_id)).toEqual(['metric_test.test.counts'])
  })
})
