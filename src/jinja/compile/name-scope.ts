/** The variables of one run of code (a template, a macro, a caller body): how many slots a frame of it needs. */
export interface FunctionScope {
  slotCount: number
  readonly parent: NameScope | undefined
}

/** Where a variable lives: so many frames up, in this slot. */
export interface SlotPlace {
  readonly depth: number
  readonly slot: number
  /** The slot holds a macro of the template: names the host knows come first, as dbt registers macros elsewhere. */
  readonly isMacro: boolean
}

const NOWHERE: readonly SlotPlace[] = []

/**
 * A block of code with variables of its own: a whole function, or a loop body, `with`, set block, filter block inside
 * one. Assignments land in the innermost block; `if` is not a block.
 */
export class NameScope {
  readonly #slots = new Map<string, number>()
  readonly #macros = new Map<string, number>()

  private constructor(
    readonly owner: FunctionScope,
    readonly outer: NameScope | undefined,
  ) {}

  /** The outermost block of a new function. */
  static ofFunction(parent: NameScope | undefined): NameScope {
    return new NameScope({ slotCount: 0, parent }, undefined)
  }

  /** A block inside this one, in the same function. */
  inner(): NameScope {
    return new NameScope(this.owner, this)
  }

  /** The slot of a variable of this block, made when it is new. */
  declare(name: string): number {
    const known = this.#slots.get(name)
    if (known !== undefined) return known
    const slot = this.owner.slotCount++
    this.#slots.set(name, slot)
    return slot
  }

  declareMacro(name: string): number {
    const known = this.#macros.get(name)
    if (known !== undefined) return known
    const slot = this.owner.slotCount++
    this.#macros.set(name, slot)
    return slot
  }

  /** Slots of this block alone: cleared when it is entered again. */
  get ownSlots(): number[] {
    return [...this.#slots.values(), ...this.#macros.values()]
  }

  /** Everywhere a name may have been assigned, innermost block first. */
  places(name: string): readonly SlotPlace[] {
    let found: SlotPlace[] | undefined
    let depth = 0
    for (let scope: NameScope | undefined = this; scope; ) {
      const slot = scope.#slots.get(name)
      if (slot !== undefined) found = [...(found ?? []), { depth, slot, isMacro: false }]
      const macro = scope.#macros.get(name)
      if (macro !== undefined) found = [...(found ?? []), { depth, slot: macro, isMacro: true }]
      if (scope.outer) scope = scope.outer
      else {
        scope = scope.owner.parent
        depth++
      }
    }
    return found ?? NOWHERE
  }

  /** Every variable that can be seen from here: for "did you mean". */
  names(): string[] {
    const names = [...this.#slots.keys(), ...this.#macros.keys()]
    const next = this.outer ?? this.owner.parent
    return next ? names.concat(next.names()) : names
  }
}
