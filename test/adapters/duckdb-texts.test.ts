import { DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, it } from 'vitest'
import { readChunk, vectorReaderOf } from '../../src/adapters/duckdb/vectors.js'
import { textAt } from '../../src/adapters/vectors.js'

describe('texts of DuckDB', () => {
  it.each([
    [
      'short and long',
      "case i % 4 when 0 then 'x' || i when 1 then repeat('long ', 5) || i when 2 then '' else null end",
    ],
    ['not ASCII', "case i % 3 when 0 then 'é' || i when 1 then repeat('日本', 10) || i else repeat('plain ', 4) end"],
    ['repeated', "'the same text for everybody ' || (i % 3)"],
    ['very long', "repeat('y', (i * 37 % 9000)::int) || i"],
    ['constant', "'a constant that is longer than twelve'"],
  ])('are read as the driver reads them: %s', async (_, expression) => {
    const instance = await DuckDBInstance.create()
    const connection = await instance.connect()
    const result = await connection.stream(`select ${expression} as t from range(5000) as r(i) order by hash(i)`)
    let rows = 0
    for (
      let chunk = await result.fetchChunk();
      chunk !== null && chunk.rowCount > 0;
      chunk = await result.fetchChunk()
    ) {
      const vector = chunk.getColumnVector(0)
      const [texts] = readChunk(chunk, chunk.rowCount, [vectorReaderOf(result.columnType(0))])
      if (texts?.kind !== 'text') throw new Error(`read as ${texts?.kind}`)
      const values = Array.from({ length: chunk.rowCount }, (_, row) =>
        texts.nulls?.[row] === 1 ? null : textAt(texts, row),
      )
      expect(values).toEqual(Array.from({ length: chunk.rowCount }, (_, row) => vector.getItem(row)))
      rows += chunk.rowCount
    }
    expect(rows).toBe(5000)
    connection.closeSync()
    instance.closeSync()
  })
})
