// psql: its backslash commands, queries, COPY.
import { execFileSync } from 'node:child_process'

const check = (name, holds) => console.log(JSON.stringify({ check: name, ok: Boolean(holds) }))
const psql = (command) => {
  try {
    return execFileSync(
      'psql',
      ['-X', '-h', '127.0.0.1', '-p', process.env.PLUMB_PG_PORT, '-U', 'ann', 'test', '-c', command],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
  } catch (error) {
    return error.stderr
  }
}
check('\\dt', /metrics \| orders/.test(psql('\\dt')))
check('\\d table', /revenue +\| double precision/.test(psql('\\d metrics.orders')))
check('\\d+ with comments and keys', /Where to write to[\s\S]*PRIMARY KEY/.test(psql('\\d+ main.customers')))
for (const command of [
  '\\dn',
  '\\dv',
  '\\di',
  '\\du',
  '\\df nothing',
  '\\dp',
  '\\conninfo',
  '\\dT',
  '\\db',
  '\\dx',
  '\\l',
  '\\dO',
  '\\sv nothing',
  '\\encoding',
]) {
  check(command, !/ERROR: {2}(?!relation "nothing")/.test(psql(command)))
}
check('metrics', /north +\| +1000/.test(psql('select region, measure(revenue) from orders group by 1')))
check('places of errors', /LINE 1:[\s\S]*\^/.test(psql('select nothing from orders')))
check('copy', psql("copy (select 1 as a, 'x' as b) to stdout csv header") === 'a,b\n1,x\n')
check('explain', /QUERY PLAN/.test(psql('explain select measure(revenue) from orders')))
