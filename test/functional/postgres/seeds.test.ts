import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postgresMissing, startPostgres, type TestServer } from '../../support/postgres.js'
import { postgresProject } from '../../support/postgres-project.js'

const missing = postgresMissing()

describe.skipIf(missing !== null)('seeds on PostgreSQL', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startPostgres()
  }, 60_000)
  afterAll(() => server?.stop())

  test('numbers travel as numbers: 32.00 fits the integer column that agate makes of it', async () => {
    const project = postgresProject(server, {
      seeds: {
        'lines.csv': 'quantity,price,code,far\n32.00,-5.50,1.50,1e3\n-2.0,,2,2.5\n',
        'lines.yml': 'seeds: [{name: lines, config: {column_types: {code: text}}}]',
      },
    })
    const { code, stdout } = await project.run('seed')
    expect(code, stdout).toBe(0)
    const types = 'pg_typeof(quantity)::text q, pg_typeof(price)::text p, pg_typeof(far)::text f'
    expect(await project.query(`select quantity, price, code, far, ${types} from lines order by quantity`)).toEqual([
      { quantity: -2, price: null, code: '2', far: 2.5, q: 'integer', p: 'double precision', f: 'double precision' },
      {
        quantity: 32,
        price: -5.5,
        code: '1.50',
        far: 1000,
        q: 'integer',
        p: 'double precision',
        f: 'double precision',
      },
    ])
    project.dispose()
  })
})
