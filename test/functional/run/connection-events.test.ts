import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postgresMissing, startPostgres, type TestServer } from '../../support/postgres.js'
import { postgresProject } from '../../support/postgres-project.js'
import { type TestProject, testProject } from '../../support/project.js'

interface LoggedEvent {
  readonly info: { readonly name: string; readonly code: string; readonly thread: string; readonly msg: string }
  readonly data: { readonly conn_name?: string; readonly node_info?: { readonly unique_id: string } }
}

const tree = {
  'dbt_project.yml': JSON.stringify({ name: 'test', profile: 'test', 'on-run-start': ['select 1 as started'] }),
  models: {
    'good.sql': "{{ config(materialized='view') }} select 1 as id",
    'wrong.sql': "{{ config(materialized='table') }} select nope from {{ ref('good') }}",
  },
}

const STATEMENT = ['ConnectionUsed E015', 'SQLQuery E016', 'SQLQueryStatus E017']
const FIRST = ['ConnectionUsed E015', 'SQLQuery E016', 'NewConnectionOpening E037', 'SQLQueryStatus E017']

/** What dbt-core 1.11.16 with dbt-postgres 1.11.0 and dbt-duckdb 1.11.1 logs between start and end of the same nodes,
 * less the dropping of backups that are not there, which is not sent. */
const EXPECTED = {
  postgres: {
    good: [...FIRST, ...STATEMENT, 'SQLCommit E018', ...STATEMENT, 'ConnectionClosed E010'],
    wrong: [
      'ConnectionUsed E015',
      'SQLQuery E016',
      'NewConnectionOpening E037',
      'AdapterEventDebug E001',
      'Rollback E012',
      'ConnectionClosed E010',
      'CatchableExceptionOnRun W002',
    ],
  },
  duckdb: {
    // dbt-duckdb begins with a statement of its own.
    good: [...FIRST, ...STATEMENT, ...STATEMENT, 'SQLCommit E018', ...STATEMENT, 'ConnectionClosed E010'],
    wrong: [
      ...FIRST,
      'ConnectionUsed E015',
      'SQLQuery E016',
      'AdapterEventDebug E001',
      'Rollback E012',
      'ConnectionClosed E010',
      'CatchableExceptionOnRun W002',
    ],
  },
}

describe.each(['duckdb', 'postgres'] as const)('events of connections on %s', (warehouse) => {
  const missing = warehouse === 'postgres' ? postgresMissing() : null
  let server: TestServer | undefined
  let project: TestProject

  beforeAll(async () => {
    if (missing !== null) return
    if (warehouse === 'postgres') server = await startPostgres()
    project = server === undefined ? testProject(tree) : postgresProject(server, tree, { threads: 1 })
  }, 60_000)

  afterAll(async () => {
    await server?.stop()
  })

  test.skipIf(missing !== null)('are told as dbt tells them, in its order', async () => {
    const { stdout } = await project.run('run', '--log-format', 'json', '--log-level', 'debug')
    const events = stdout.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as LoggedEvent] : []))
    const named = (name: string): LoggedEvent[] => events.filter(({ info }) => info.name === name)
    const ofNode = (id: string): string[] =>
      events
        .filter(({ info, data }) => data.node_info?.unique_id === id && /^[EW]\d/.test(info.code))
        .map(({ info }) => `${info.name} ${info.code}`)
        .filter((event) => !/^(?:NewConnection|ConnectionReused) /.test(event))
    expect(ofNode('model.test.good')).toEqual(EXPECTED[warehouse].good)
    expect(ofNode('model.test.wrong')).toEqual(EXPECTED[warehouse].wrong)
    expect(named('NewConnection')[0]?.data.conn_name).toBe('master')
    const hook = named('SQLQuery').find(
      ({ data }) => data.node_info?.unique_id === 'operation.test.test-on-run-start-0',
    )
    expect(hook?.data.conn_name).toBe('master')
    // Every connection's name is announced before its node is compiled, on the node's own worker.
    const names = events.map(({ info }) => info.name)
    const wrong = events.findIndex(
      ({ info, data }) => info.name === 'ConnectionReused' && data.conn_name?.endsWith('wrong'),
    )
    expect(names.slice(wrong - 1, wrong + 2)).toEqual(['LogStartLine', 'ConnectionReused', 'NodeCompiling'])
    expect(events[wrong]?.info.thread).toBe('Thread-1 (worker)')
    expect(named('ConnectionClosedInCleanup').map(({ data }) => data.conn_name)).toEqual(['master', 'model.test.wrong'])
    expect(names.slice(-2)).toEqual(['ResourceReport', 'CommandCompleted'])
    const log = project.read('logs/dbt.log')
    expect(log).toMatch(/Using \w+ connection \\"model\.test\.good\\"","name":"ConnectionUsed"/)
  })
})
