import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AnswerFormat } from './format.js'

/**
 * A Parquet file, with the types of the columns. It is written whole before the first byte leaves: a footer at its end
 * says what is in it. Rows go through a database file of their own, so that memory stays flat.
 */
export const parquet: AnswerFormat = {
  name: 'parquet',
  mediaType: 'application/vnd.apache.parquet',
  extension: 'parquet',
  async *encode({ columns, batches }) {
    const { writeParquetFile } = await import('./parquet-file.js')
    const folder = await mkdtemp(join(tmpdir(), 'plumb-parquet-'))
    try {
      const path = join(folder, 'answer.parquet')
      await writeParquetFile(folder, path, columns, batches)
      yield* createReadStream(path) as AsyncIterable<Uint8Array>
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}
