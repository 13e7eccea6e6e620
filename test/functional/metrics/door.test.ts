import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestProject, testProject } from '../../support/project.js'
import { SHOP } from './shop.js'

let shop: TestProject
beforeAll(async () => {
  shop = testProject({
    ...SHOP,
    'users.yml': 'users: [{name: ana, groups: [sales], attributes: {country: "Switzerland, CH"}}, {name: bob}]',
    'policies.yml': [
      'grants: [{name: sales, groups: [sales], metrics: [revenue], models: [customers]}]',
      'row_filters: [{name: own, models: [customers], where: "country = {{ user.country }}"}]',
      'masks: [{name: food, columns: [orders.is_food]}]',
    ].join('\n'),
  })
  const { code, stdout } = await shop.run('build')
  expect(code, stdout).toBe(0)
}, 60_000)
afterAll(() => shop.dispose())

interface Line {
  readonly id: number
  readonly rows?: unknown
  readonly error?: { readonly code: string }
}

async function ask(questions: readonly object[], ...args: string[]): Promise<Line[]> {
  const lines = questions.map((query, id) => JSON.stringify({ id, query }))
  writeFileSync(join(shop.dir, 'q.jsonl'), lines.join('\n'))
  const { code, stdout } = await shop.run('query', '--queries', 'q.jsonl', ...args)
  expect(code).toBe(0)
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
}

const QUESTIONS = [
  { metrics: ['revenue'], group_by: ['customer__country'] },
  { metrics: ['revenue'], group_by: ['order__is_food'] },
  { metrics: ['order_count'] },
]

describe('the command line goes through the query service', () => {
  it('asks many questions as a user, whose rows, masks and metrics they are', async () => {
    const [countries, food, count] = await ask(QUESTIONS, '--as', 'ana')
    expect(countries?.rows).toEqual([
      ['Switzerland, CH', 12.75],
      [null, 1],
    ])
    expect(food?.rows).toEqual([[null, 13.75]])
    expect(count?.error?.code).toBe('metric-not-found')
    expect((await ask(QUESTIONS, '--as', 'bob')).map((line) => line.error?.code)).toEqual([
      'metric-not-found',
      'metric-not-found',
      'metric-not-found',
    ])
  })

  it('asks one as a user, and as the owner without one', async () => {
    const asked = ['query', '--metrics', 'revenue', '--group-by', 'order__is_food', '--output', 'csv']
    expect((await shop.run(...asked, '--as', 'ana')).stdout).toBe('order__is_food,revenue\n,13.75\n')
    expect((await shop.run(...asked)).stdout.trim().split('\n').slice(1).sort()).toEqual([
      ',1.00',
      'false,7.25',
      'true,5.50',
    ])
    const unknown = await shop.run('query', '--metrics', 'revenue', '--as', 'eve')
    expect({ code: unknown.code, said: unknown.stderr.includes("no user 'eve'") }).toEqual({ code: 2, said: true })
  })

  it('gives the values of a dimension as a user may see them', async () => {
    const { stdout } = await shop.run('dimension-values', 'customer__country', '--as', 'ana')
    expect(stdout).toContain('Switzerland, CH')
    expect((await shop.run('dimension-values', 'customer__country', '--as', 'bob')).code).toBe(2)
  })

  it('logs what was asked, by whom, and answers the same question of a file once', async () => {
    const before = logged().length
    await ask([QUESTIONS[0]!, QUESTIONS[0]!, { metrics: ['nothing'] }])
    expect(logged().slice(before)).toMatchObject([
      { door: 'cli', caller: 'owner', rows: 2, cached: false, error: null },
      { door: 'cli', caller: 'owner', rows: 2, cached: true, error: null },
      { door: 'cli', caller: 'owner', rows: 0, error: 'metric-not-found' },
    ])
    expect(logged().some(({ caller }) => caller === 'ana')).toBe(true)
  })

  it('lets the owner write filters that only the warehouse understands', async () => {
    const filter = "{{ Dimension('customer__country') }} SIMILAR TO 'Switz.*' COLLATE NOCASE"
    const asked = ['query', '--metrics', 'revenue', '--where', filter, '--output', 'csv']
    expect((await shop.run(...asked)).stdout).toBe('revenue\n12.75\n')
    expect((await shop.run(...asked, '--explain', '--quiet')).stdout).toContain('SIMILAR TO')
    expect((await shop.run(...asked, '--as', 'ana')).code).toBe(2)
  })
})

function logged(): { readonly caller: string; readonly door: string }[] {
  const text = readFileSync(join(shop.dir, 'logs', 'queries.jsonl'), 'utf8')
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { caller: string; door: string })
}
