import type { SqlPart } from '../../../query/index.js'

/** SQL that is being written: text we made, and holes for relations that the query service fills. */
export type Sql = readonly SqlPart[]

/** `sql\`select ${columns} from ${table}\``: strings are SQL that is already safe, never a client's text. */
export function sql(texts: TemplateStringsArray, ...values: readonly (Sql | string)[]): Sql {
  const parts: SqlPart[] = []
  const add = (part: SqlPart): void => {
    const last = parts.at(-1)
    if (typeof part !== 'string') parts.push(part)
    else if (part === '') return
    else if (typeof last === 'string') parts[parts.length - 1] = last + part
    else parts.push(part)
  }
  for (const [index, text] of texts.entries()) {
    add(text)
    const value = values[index]
    if (typeof value === 'string') add(value)
    else for (const part of value ?? []) add(part)
  }
  return parts
}

export function joinSql(list: readonly (Sql | string)[], separator: string): Sql {
  return list.reduce<Sql>((all, each, index) => (index === 0 ? sql`${each}` : sql`${all}${separator}${each}`), [])
}

/** The text, when there are no holes in it. */
export function plainText(parts: Sql): string | null {
  return parts.every((part) => typeof part === 'string') ? parts.join('') : null
}
