import type { Statement } from '../ast.js'
import type { Frame } from '../runtime/frame.js'
import { declareNames } from './declare.js'
import { type Compiler, type Completion, NORMAL } from './types.js'

type Use = (text: string) => Completion | Promise<Completion>

/**
 * Compiles a body whose output is wanted as text, in a block of its own. A completion other than normal (`break`,
 * `return`) skips `use`.
 */
export function captureBody(
  statements: readonly Statement[],
  c: Compiler,
): (frame: Frame, use: Use) => Completion | Promise<Completion> {
  const scope = c.scope.inner()
  declareNames(statements, scope)
  const body = c.with({ scope, native: false }).body(statements)
  const slots = scope.ownSlots
  return (f, use) => {
    const before = f.out
    const { fault } = f
    f.out = ''
    f.fault = undefined
    for (const slot of slots) f.slots[slot] = undefined
    const finish = (completion: Completion): Completion | Promise<Completion> => {
      const text = completion === NORMAL ? f.joined() : ''
      f.out = before
      f.fault = fault
      return completion === NORMAL ? use(text) : completion
    }
    const completion = body(f)
    return completion instanceof Promise ? completion.then(finish) : finish(completion)
  }
}
