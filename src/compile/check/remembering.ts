import type { Adapter, Connection, ExecuteOptions, QueryResult } from '../../adapters/adapter.js'

/** What only reads: after the comments that tell the warehouse who asks. */
const READS = /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:select|with|from|describe|show|values|table)\b/i

/** Answers a question itself; undefined: the warehouse is to be asked. */
export type Answer = (sql: string) => Promise<QueryResult | undefined>

/**
 * An adapter whose sessions answer a question that was asked before from memory. Templates of many models ask for the
 * columns of the same few tables, and while SQL is only looked at nothing changes under them; whatever is no question
 * makes it forget everything.
 */
export function rememberingAdapter(
  adapter: Adapter,
  answer: Answer = async () => undefined,
): Pick<Adapter, 'connect' | 'plugin'> {
  const known = new Map<string, Promise<QueryResult>>()
  return {
    plugin: adapter.plugin,
    connect: async (name) => rememberingConnection(await adapter.connect(name), known, answer),
  }
}

function rememberingConnection(
  connection: Connection,
  known: Map<string, Promise<QueryResult>>,
  answerTo: Answer,
): Connection {
  const execute = async (sql: string, options: ExecuteOptions = {}): Promise<QueryResult> => {
    const own = await answerTo(sql)
    if (own !== undefined) return own
    if (!READS.test(sql) || (options.bindings?.length ?? 0) > 0) {
      known.clear()
      return connection.execute(sql, options)
    }
    const key = `${options.fetch === true} ${options.limit ?? ''} ${sql}`
    let answer = known.get(key)
    if (answer === undefined) known.set(key, (answer = connection.execute(sql, options)))
    return answer
  }
  return new Proxy(connection, {
    get(target, name) {
      if (name === 'execute') return execute
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
