import type { Adapter, Cell, ResultColumn } from '../../adapters/adapter.js'
import type { RowStream } from '../../adapters/vectors.js'

/** A query that runs: its columns, and its rows one batch after another. */
export interface RunningQuery extends RowStream {
  readonly columns: readonly ResultColumn[]
}

/**
 * Sends a statement and hands out its rows as they are asked for. The session goes back when the rows end, when they
 * are no longer wanted, or when something fails.
 * @throws PlumbError kind `database`
 */
export async function runQuery(
  adapter: Pick<Adapter, 'connect'>,
  sql: string,
  options: { readonly bindings?: readonly unknown[] | undefined; readonly signal: AbortSignal },
): Promise<RunningQuery> {
  const connection = await adapter.connect('query')
  let released: Promise<void> | undefined
  const release = (): Promise<void> => (released ??= connection.release())
  try {
    const stream = connection.stream === undefined ? undefined : await connection.stream(sql, options)
    if (stream === undefined) {
      const result = await connection.execute(sql, { fetch: true, bindings: options.bindings })
      await release()
      return wholeResult(result)
    }
    return {
      columns: stream.columns,
      async next() {
        try {
          const batch = await stream.next()
          if (batch === null) await release()
          return batch
        } catch (error) {
          await release()
          throw error
        }
      },
      async close() {
        await stream.close()
        await release()
      },
    }
  } catch (error) {
    await release()
    throw error
  }
}

/** For warehouses that cannot give rows piece by piece. */
function wholeResult({
  columns,
  data,
  rowCount,
}: {
  readonly columns: readonly ResultColumn[]
  readonly data: readonly (readonly Cell[])[]
  readonly rowCount: number
}): RunningQuery {
  let left = rowCount > 0
  return {
    columns,
    async next() {
      if (!left) return null
      left = false
      return { rowCount, columns: data.map((values) => ({ kind: 'cells', values })) }
    },
    async close() {
      left = false
    },
  }
}
