import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenDoor } from '../../../src/serve/door.js'
import { type TestProject, testProject } from '../../support/project.js'
import { type OpenedService, openService, SHOP } from '../../support/served-project.js'
import { openDoor } from './door.js'

let project: TestProject
let opened: OpenedService
let door: OpenDoor
let client: pg.Client

beforeAll(async () => {
  project = testProject(SHOP)
  const built = await project.run('build')
  expect(built.code, built.stdout).toBe(0)
  opened = await openService(project.dir)
  door = await openDoor(opened.service, undefined, {}, (level, message) => level === 'warn' && console.warn(message))
  client = new pg.Client({ host: '127.0.0.1', port: door.address.port, user: 'ann', database: 'test' })
  await client.connect()
})
afterAll(async () => {
  await client?.end()
  await door?.close(100)
  await opened?.close()
  project?.dispose()
})

const rows = async (sql: string, values?: unknown[]) => (await client.query(sql, values)).rows
const refused = async (sql: string): Promise<{ code: string; message: string; hint?: string }> => {
  try {
    await client.query(sql)
  } catch (error) {
    return error as { code: string; message: string; hint?: string }
  }
  throw new Error(`was answered: ${sql}`)
}

describe('metrics as tables', () => {
  it('play', async () => {
    for (const sql of [
      'select 1',
      'select * from orders limit 2',
      'select channel, measure(revenue) as revenue from metrics.orders group by 1 order by 1',
      "select date_trunc('month', ordered_at) m, sum(revenue), orders from orders group by 1 order by 1",
    ]) {
      try {
        console.log(sql, await rows(sql))
      } catch (e) {
        console.log(sql, e)
      }
    }
    void refused
  })
})
