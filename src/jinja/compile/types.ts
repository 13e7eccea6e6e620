import type { Expression, Statement } from '../ast.js'
import type { Frame } from '../runtime/frame.js'
import type { SourceText } from '../syntax/source-text.js'
import type { Value } from '../values/value.js'
import type { NameScope } from './name-scope.js'

/** A compiled expression. It answers with a promise only when a call in it did. */
export type Eval = (frame: Frame) => Value | Promise<Value>

/** How a statement ended. */
export type Completion = 0 | 1 | 2 | 3
export const NORMAL: Completion = 0
export const BREAK: Completion = 1
export const CONTINUE: Completion = 2
export const RETURN: Completion = 3

/** A compiled statement or body. */
export type Exec = (frame: Frame) => Completion | Promise<Completion>

/** What compiling a node needs to know and may ask for. */
export interface Compiler {
  readonly text: SourceText
  readonly scope: NameScope
  /** Native rendering: outputs are kept as values. Holds at the template's own level only. */
  readonly native: boolean
  /** Inside something that may not run: unknown filters fail when met, not at once. */
  readonly soft: boolean
  /** Directly inside a macro's body: `return(...)` may end it without a throw. */
  readonly inMacro: boolean
  /** Inside a loop of the same body: `break` and `continue` have something to act on. */
  readonly inLoop: boolean
  expression(node: Expression): Eval
  body(statements: readonly Statement[]): Exec
  /** The same compiler with other circumstances. */
  with(changes: Partial<Pick<Compiler, 'scope' | 'native' | 'soft' | 'inMacro' | 'inLoop'>>): Compiler
}
