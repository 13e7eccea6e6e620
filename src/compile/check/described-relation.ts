/** `describe "dev"."main"."orders"`, or the same in parentheses at the end of a query. */
const DESCRIBE = /\bdescribe\s+((?:"(?:[^"]|"")*"\.)*"(?:[^"]|"")*")\s*\)?\s*;?\s*$/i

/** The one relation whose columns a question is about, as it is written; undefined for other questions. */
export function describedRelation(sql: string): string | undefined {
  return DESCRIBE.exec(sql)?.[1]
}
