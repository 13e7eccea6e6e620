/** Stands before the digits of an integer while JSON is written; YAML and SQL have no such character. */
const MARK = '\u0000int:'
const MARKED = /"\\u0000int:(-?\d+)"/g

/**
 * JSON as `JSON.stringify` writes it, integers beyond 2^53 digit by digit as Python does. Those are rare, so nothing is
 * done about them until there is one.
 */
export function exactJson(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch (error) {
    if (!(error instanceof TypeError) || !/BigInt/.test(error.message)) throw error
    return JSON.stringify(value, marked).replace(MARKED, '$1')
  }
}

function marked(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${MARK}${value}` : value
}
