import type { BlockNode, FilterBlockNode, IfNode, LoopControlNode, WithNode } from '../ast.js'
import { syntaxError } from '../syntax/source-text.js'
import { toStr } from '../values/text.js'
import { truthy } from '../values/truth.js'
import { compileTarget } from './assignments.js'
import { captureBody } from './capture.js'
import { declareNames } from './declare.js'
import { compileFilter } from './filters.js'
import { chain, evaluateAll } from './promises.js'
import { BREAK, CONTINUE, type Compiler, type Completion, type Exec, NORMAL } from './types.js'

export function compileIf(node: IfNode, c: Compiler): Exec {
  const soft = c.with({ soft: true })
  const branches = node.branches.map((b) => ({ test: c.expression(b.test), body: soft.body(b.body) }))
  const otherwise = node.otherwise.length > 0 ? soft.body(node.otherwise) : () => NORMAL
  const first = branches[0]!
  const from = (f: Parameters<Exec>[0], at: number): Completion | Promise<Completion> => {
    for (let i = at; i < branches.length; i++) {
      const { test, body } = branches[i]!
      const answer = test(f)
      if (answer instanceof Promise) return answer.then((a) => (truthy(a) ? body(f) : from(f, i + 1)))
      if (truthy(answer)) return body(f)
    }
    return otherwise(f)
  }
  if (branches.length > 1) return (f) => from(f, 0)
  return (f) => {
    const answer = first.test(f)
    if (answer instanceof Promise) return answer.then((a) => (truthy(a) ? first.body(f) : otherwise(f)))
    return truthy(answer) ? first.body(f) : otherwise(f)
  }
}

export function compileLoopControl(node: LoopControlNode, c: Compiler): Exec {
  if (!c.inLoop) throw syntaxError(c.text, `'${node.kind}' outside of a loop`, node.start, node.end)
  const completion = node.kind === 'break' ? BREAK : CONTINUE
  return () => completion
}

export function compileWith(node: WithNode, c: Compiler): Exec {
  const values = node.bindings.map((b) => c.expression(b.value))
  const scope = c.scope.inner()
  declareNames(node.body, scope)
  const inside = c.with({ scope })
  const targets = node.bindings.map((b) => compileTarget(b.target, inside))
  const body = inside.body(node.body)
  const slots = scope.ownSlots
  return (f) =>
    chain(evaluateAll(values, f), (found) => {
      for (const slot of slots) f.slots[slot] = undefined
      for (let i = 0; i < targets.length; i++) targets[i]!(f, found[i])
      return body(f)
    })
}

/** A block stands where it is written: there is nothing that could extend the template. */
export function compileBlock(node: BlockNode, c: Compiler): Exec {
  const scope = c.scope.inner()
  declareNames(node.body, scope)
  const body = c.with({ scope, inLoop: false }).body(node.body)
  const slots = scope.ownSlots
  return (f) => {
    for (const slot of slots) f.slots[slot] = undefined
    return body(f)
  }
}

export function compileFilterBlock(node: FilterBlockNode, c: Compiler): Exec {
  const capture = captureBody(node.body, c)
  const filter = compileFilter(node.filter, c, (f) => f.captured)
  return (f) =>
    capture(f, (captured) => {
      f.captured = captured
      return chain(filter(f), (value): Completion => {
        if (c.native) f.parts!.push(value)
        else f.out += toStr(value)
        return NORMAL
      })
    })
}
