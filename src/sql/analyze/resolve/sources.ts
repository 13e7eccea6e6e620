/** Uses while a statement is resolved: copies are told from renames at the end, when the last name is known. */
export type Use = 'pure' | 'computed' | 'aggregated' | 'filtered' | 'joined' | 'grouped' | 'partitioned' | 'ordered'

const VALUE_RANK: Readonly<Partial<Record<Use, number>>> = { pure: 0, computed: 1, aggregated: 2 }

export interface Source {
  readonly table: string
  readonly column: string
  readonly use: Use
}

/** Columns with their uses. A column that is used as a value twice counts with the stronger use. */
export class Sources {
  readonly #byKey = new Map<string, Source>()
  #prints: Set<string> | undefined

  /** @param printed with a fingerprint: only where a comparison of two states is wanted. */
  static of(table: string, column: string, printed: boolean): Sources {
    const sources = new Sources()
    sources.add({ table, column, use: 'pure' })
    if (printed) sources.seal(`${table}.${column}`.toLowerCase())
    return sources
  }

  /** Fingerprints of the columns that were used: what their own expressions are. */
  get prints(): ReadonlySet<string> {
    return this.#prints ?? NO_PRINTS
  }

  /** One fingerprint in place of all. */
  seal(print: string): void {
    this.#prints = new Set([print])
  }

  get size(): number {
    return this.#byKey.size
  }

  [Symbol.iterator](): IterableIterator<Source> {
    return this.#byKey.values()
  }

  /** True when something changed. */
  add(source: Source): boolean {
    const rank = VALUE_RANK[source.use]
    const key = `${source.table}\u0000${source.column}\u0000${rank === undefined ? source.use : ''}`
    const known = this.#byKey.get(key)
    if (known !== undefined && (rank === undefined || VALUE_RANK[known.use]! >= rank)) return false
    this.#byKey.set(key, source)
    return true
  }

  /** Adds what `others` are made of, as something that is used by `use`. */
  addAll(others: Iterable<Source>, use: Use = 'pure'): boolean {
    let changed = false
    if (others instanceof Sources && others.#prints !== undefined) {
      this.#prints ??= new Set()
      for (const print of others.#prints) this.#prints.add(print)
    }
    for (const each of others) {
      const both = compose(use, each.use)
      if (this.add(both === each.use ? each : { ...each, use: both })) changed = true
    }
    return changed
  }
}

const NO_PRINTS: ReadonlySet<string> = new Set()

export const NOTHING: Iterable<Source> = []

/** The use of what something is made of, when that something is used in turn. */
function compose(outer: Use, inner: Use): Use {
  const outerRank = VALUE_RANK[outer]
  if (outerRank === undefined) return outer
  const innerRank = VALUE_RANK[inner]
  return innerRank === undefined || innerRank > outerRank ? inner : outer
}

/** The use of a part of an expression that is itself used by `use`. */
export function within(use: Use, part: Use): Use {
  return VALUE_RANK[use] === undefined ? use : part === 'computed' && use === 'aggregated' ? use : part
}
