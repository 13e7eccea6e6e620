import type { Ast } from './ast.js'
import { type Column, columnNamed, isNamed, type Relation, type Shape } from './relation.js'
import { NOTHING, type Source, Sources } from './sources.js'

export interface Cte {
  readonly name: string
  readonly query: unknown
  readonly columnNames: readonly string[]
  readonly recursive: boolean
  /** Where its own names are looked up. */
  readonly env: Scope | null
  shape: Shape | undefined
}

/** A column as found by name. */
export interface Found {
  readonly sources: Iterable<Source>
  /** Only a part of the column is meant: a field of a struct, or a row as a whole. */
  readonly part: boolean
  readonly column: Column | undefined
}

/** An item of the select list that other clauses may call by its alias. */
export interface Alias {
  readonly resolve: () => Sources
}

/** The names one query (or lambda, or CTE) can see; what it does not know itself, its parent may. */
export class Scope {
  readonly relations: Relation[] = []
  readonly aliases = new Map<string, Alias>()
  /** Aliases whose own expressions are being looked into: there the name means a column. */
  readonly busy = new Set<string>()
  readonly windows = new Map<string, Ast>()
  /** Columns that USING or NATURAL made one of two, by lower-case name. */
  readonly merged = new Map<string, Column>()
  /** Columns of the right sides of such joins: `*` shows them once. */
  readonly hidden = new Set<Column>()
  /** Parameters of lambdas: not columns. */
  readonly locals: ReadonlySet<string>
  /** The column that `COLUMNS()` stands for at the moment. */
  readonly pick: Column | undefined
  readonly cte: Cte | undefined

  constructor(
    readonly parent: Scope | null,
    extra: { locals?: readonly string[]; pick?: Column; cte?: Cte } = {},
  ) {
    this.locals = new Set((extra.locals ?? []).map((name) => name.toLowerCase()))
    this.pick = extra.pick ?? parent?.pick
    this.cte = extra.cte
  }

  findCte(name: string): Cte | undefined {
    const wanted = name.toLowerCase()
    for (let scope: Scope | null = this; scope !== null; scope = scope.parent)
      if (scope.cte !== undefined && scope.cte.name.toLowerCase() === wanted) return scope.cte
    return undefined
  }

  findWindow(name: string): Ast | undefined {
    const wanted = name.toLowerCase()
    for (let scope: Scope | null = this; scope !== null; scope = scope.parent) {
      const found = scope.windows.get(wanted)
      if (found !== undefined) return found
    }
    return undefined
  }

  relationNamed(qualifiers: readonly string[]): Relation | undefined {
    return this.relations.find((each) => isNamed(each, qualifiers))
  }

  /**
   * What `a`, `t.a`, `s.t.a` or `t.a.field` means: qualified by a relation of this query or one around it, else a
   * column, an alias of the select list, a column of a table nobody knows, a row as a whole.
   */
  find(parts: readonly string[], prefer: 'column' | 'alias', note: (text: string) => void): Found | undefined {
    for (let scope: Scope | null = this; scope !== null; scope = scope.parent) {
      if (scope.locals.has(parts[0]!.toLowerCase())) return { sources: NOTHING, part: true, column: undefined }
      const found = scope.#qualified(parts)
      if (found !== undefined) return found
    }
    for (let scope: Scope | null = this; scope !== null; scope = scope.parent) {
      const found = scope.#unqualified(parts, prefer, note)
      if (found !== undefined) return found
    }
    for (let scope: Scope | null = this; scope !== null; scope = scope.parent) {
      const row = scope.relationNamed([parts[0]!])
      if (row !== undefined) return { sources: wholeRow(row), part: true, column: undefined }
    }
    return undefined
  }

  #qualified(parts: readonly string[]): Found | undefined {
    for (let count = Math.min(parts.length - 1, 3); count > 0; count--) {
      const relation = this.relationNamed(parts.slice(0, count))
      if (relation === undefined) continue
      const part = parts.length > count + 1
      const column = columnNamed(relation, parts[count]!)
      if (column !== undefined) return { sources: column.sources, part, column }
      for (const open of relation.open) {
        const sources = open.get(parts[count]!)
        if (sources !== undefined) return { sources, part, column: undefined }
      }
    }
    return undefined
  }

  #unqualified(parts: readonly string[], prefer: 'column' | 'alias', note: (text: string) => void): Found | undefined {
    const name = parts[0]!
    const part = parts.length > 1
    const alias = this.busy.has(name.toLowerCase()) ? undefined : this.aliases.get(name.toLowerCase())
    const ofAlias = () => alias && { sources: alias.resolve(), part, column: undefined }
    if (prefer === 'alias' && alias !== undefined) return ofAlias()
    const column = this.merged.get(name.toLowerCase()) ?? this.#columnNamed(name)
    if (column !== undefined) return { sources: column.sources, part, column }
    if (alias !== undefined) return ofAlias()
    const open = this.relations.flatMap((each) =>
      each.open.flatMap((columns) => {
        const sources = columns.get(name)
        return sources === undefined ? [] : [{ label: columns.label, sources }]
      }),
    )
    if (open.length === 0) return undefined
    if (open.length > 1)
      note(`${name} may be of any of ${open.map(({ label }) => label).join(', ')}: their columns are not known`)
    const sources = new Sources()
    for (const each of open) sources.addAll(each.sources)
    return { sources, part, column: undefined }
  }

  #columnNamed(name: string): Column | undefined {
    for (const each of this.relations) {
      const column = columnNamed(each, name)
      if (column !== undefined) return column
    }
    return undefined
  }
}

function wholeRow(row: Relation): Sources {
  const sources = new Sources()
  for (const column of row.columns) sources.addAll(column.sources, 'computed')
  for (const open of row.open) sources.addAll(open.get('*') ?? [], 'computed')
  return sources
}
