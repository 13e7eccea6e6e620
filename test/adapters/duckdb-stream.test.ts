import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ChunkStream, startStream } from '../../src/adapters/duckdb/stream.js'

let instance: DuckDBInstance
let connection: DuckDBConnection
let ends: boolean[]
beforeEach(async () => {
  instance = await DuckDBInstance.create()
  connection = await instance.connect()
  ends = []
})
afterEach(() => {
  connection.closeSync()
  instance.closeSync()
})

const start = (sql: string, signal?: AbortSignal): Promise<ChunkStream> =>
  startStream(connection, sql, undefined, { signal, onEnd: (completely) => ends.push(completely) })

async function readNumbers(stream: ChunkStream): Promise<number[]> {
  const numbers: number[] = []
  for (let batch = await stream.next(); batch !== null; batch = await stream.next()) {
    const [column] = batch.columns
    if (column?.kind !== 'int32') throw new Error(`read as ${column?.kind}`)
    for (let row = 0; row < batch.rowCount; row++) numbers.push(Number(column.values[row]))
  }
  return numbers
}

const isSlow = (work: Promise<unknown>): Promise<boolean> =>
  Promise.race([work.then(() => false), new Promise<boolean>((resolve) => setTimeout(resolve, 400, true))])

describe('rows of DuckDB, the next fetched while some are used', () => {
  it('come once each, in their order', async () => {
    const numbers = await readNumbers(await start('select i::integer from range(50_000) r(i)'))
    expect(numbers).toEqual(Array.from({ length: 50_000 }, (_, i) => i))
    expect(ends).toEqual([true])
  })

  it('may be left: the connection can be used for something else then', async () => {
    const stream = await start('select i::integer from range(50_000_000) r(i)')
    expect((await stream.next())?.rowCount).toBe(2048)
    await stream.close()
    expect(await stream.next()).toBeNull()
    expect(ends).toEqual([false])
    expect(await readNumbers(await start('select 7::integer'))).toEqual([7])
  })

  it('may be left while DuckDB works on them for long', async () => {
    const slow = 'list_sum(list_transform(range(30_000), lambda x: (x + i) % 7))'
    const stream = await start(`select if(i < 400_000, 0, ${slow})::integer from range(2_000_000) r(i)`)
    let pending = stream.next()
    while (!(await isSlow(pending))) pending = stream.next()
    const began = performance.now()
    await stream.close()
    expect(await pending.catch(() => null)).toBeNull()
    expect(performance.now() - began).toBeLessThan(5000)
    expect(ends).toEqual([false])
  })

  it('fail where they fail, and not before', async () => {
    const stream = await start("select if(i < 1_500_000, i, error('too late'))::integer from range(2_000_000) r(i)")
    await expect(readNumbers(stream)).rejects.toThrow('too late')
    expect(ends).toEqual([false])
  })

  it('fail there within a transaction, too', async () => {
    await connection.run('begin')
    const late = "select if(i < 1_500_000, i, error('too late'))::integer from range(2_000_000) r(i)"
    const stream = await startStream(connection, late, undefined, { inTransaction: true, onEnd: () => {} })
    await expect(readNumbers(stream)).rejects.toThrow('failed after its first rows')
  })

  it('end when the signal says so', async () => {
    const abort = new AbortController()
    const stream = await start('select i::integer from range(500_000_000) r(i)', abort.signal)
    await stream.next()
    abort.abort()
    await expect(readNumbers(stream)).rejects.toThrow(/Interrupted/)
    expect(ends).toEqual([false])
  })
})
