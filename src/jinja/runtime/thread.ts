import type { CallFrame } from '../../core/diagnostic.js'

/**
 * What an unknown name is: `strict` follows jinja2.Undefined (prints nothing, any use of it fails), `chain` answers
 * every attribute, item and call with itself, for rendering before everything is known.
 */
export type UndefinedMode = 'strict' | 'chain'

export interface RenderThreadOptions {
  readonly undefinedMode: UndefinedMode
  /** How deep macros may call each other; 200 when absent. */
  readonly maxDepth?: number
}

/** The code under way: where it is, for error messages. */
export interface ActiveFrame {
  /** The place in the source of the operation under way. */
  place(): CallFrame['at']
}

/** One rendering: the stack of macro calls under way and the rules that hold for it. Not shared between renders. */
export class RenderThread {
  readonly undefinedMode: UndefinedMode
  readonly maxDepth: number
  /** Macro calls under way, innermost last. */
  readonly stack: CallFrame[] = []
  /** The innermost template or macro body being rendered; the engine sets it. */
  active: ActiveFrame | undefined
  /** Bodies under way, inside one another; the engine counts. */
  depth = 0

  constructor(options: RenderThreadOptions) {
    this.undefinedMode = options.undefinedMode
    this.maxDepth = options.maxDepth ?? 200
  }
}
