import type { MacroNode } from '../manifest/index.js'

/** Macros of one package by name. */
export type MacroTable = ReadonlyMap<string, MacroNode>

/** What a bare name in a template can stand for. */
export type NamespaceEntry =
  | { readonly kind: 'macro'; readonly macro: MacroNode }
  | { readonly kind: 'package'; readonly name: string; readonly macros: MacroTable }

/**
 * How the templates of one package see macros: own package first, then the root project, then packages by name, then
 * the built-in ones. Shared by every node of that package.
 */
export class MacroNamespace {
  readonly #entries = new Map<string, NamespaceEntry | null>()

  constructor(
    readonly localPackage: string,
    private readonly local: MacroTable | undefined,
    private readonly root: MacroTable | undefined,
    private readonly packages: ReadonlyMap<string, MacroTable>,
    private readonly builtin: MacroTable,
  ) {}

  /** What `name` stands for, or undefined. */
  find(name: string): NamespaceEntry | undefined {
    let entry = this.#entries.get(name)
    if (entry === undefined) {
      entry = this.#search(name) ?? null
      this.#entries.set(name, entry)
    }
    return entry ?? undefined
  }

  /** Every name there is, for hints and for templates that walk their own context. */
  *names(): Iterable<string> {
    for (const table of [this.local, this.root]) if (table !== undefined) yield* table.keys()
    yield* this.packages.keys()
    yield 'dbt'
    yield* this.builtin.keys()
  }

  #search(name: string): NamespaceEntry | undefined {
    const own = this.local?.get(name) ?? this.root?.get(name)
    if (own !== undefined) return { kind: 'macro', macro: own }
    const named = name === 'dbt' ? (this.packages.get(name) ?? this.builtin) : this.packages.get(name)
    if (named !== undefined) return { kind: 'package', name, macros: named }
    const builtin = this.builtin.get(name)
    return builtin === undefined ? undefined : { kind: 'macro', macro: builtin }
  }
}
