// node-pg with pg-cursor: parameters, prepared statements, portals, notices.
import pg from 'pg'
import Cursor from 'pg-cursor'

const check = (name, holds) => console.log(JSON.stringify({ check: name, ok: Boolean(holds) }))
const client = new pg.Client({
  host: '127.0.0.1',
  port: Number(process.env.PLUMB_PG_PORT),
  user: 'ann',
  database: 'test',
})
let notice = ''
client.on('notice', (message) => {
  notice = message.message
})
await client.connect()
const metrics = await client.query('select region, measure(revenue) as r from orders group by 1 order by 1')
check('metrics', metrics.rows[0].region === 'north' && metrics.rows[0].r === 1000)
check('proof as a notice', /plumbline: build/.test(notice))
const found = await client.query({
  name: 'p',
  text: 'select count(*)::int as n from main.orders where channel = $1',
  values: ['web'],
})
check('prepared', found.rows[0].n === 15)
const cursor = client.query(new Cursor('select order_id from main.orders order by 1'))
check('portals', (await cursor.read(5)).length === 5 && (await cursor.read(100)).length === 55)
await cursor.close()
const error = await client.query('select avg(revenue) from orders').catch((caught) => caught)
check('refusals with hints', error.code === '0A000' && error.hint.includes('MEASURE') && Number(error.position) > 0)
await client.end()
