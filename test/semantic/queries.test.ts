import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSemanticEngine } from '../../src/semantic/index.js'
import { CASES } from './support/cases.js'
import { legacyShopManifest, shopManifest } from './support/shop.js'
import { openShop, type ShopDatabase, sorted } from './support/shop-database.js'

describe.each([
  ['the newer spelling', shopManifest],
  ['the older spelling', legacyShopManifest],
])('%s', (_name, manifest) => {
  const engine = createSemanticEngine(manifest(), { dialect: 'duckdb' })
  let shop: ShopDatabase
  beforeAll(async () => {
    shop = await openShop()
  })
  afterAll(() => shop.close())

  test.each(CASES)('$name: what a hand-written statement gives', async ({ query, sql }) => {
    const compiled = engine.compile(query)
    const answer = await shop.ask(compiled.sql)
    const expected = await shop.ask(sql)
    expect(sorted(answer.rows)).toEqual(sorted(expected.rows))
    expect(answer.columns).toEqual(compiled.columns.map((column) => column.name))
  })
})
