import type { Expression, ForNode } from '../ast.js'
import { childExpressions } from '../ast-walk.js'
import { Frame, packPlace } from '../runtime/frame.js'
import { runFrame } from '../runtime/invoke.js'
import { LoopContext, type Recurse } from '../runtime/loop.js'
import { iterate } from '../values/iterate.js'
import { truthy } from '../values/truth.js'
import type { Value } from '../values/value.js'
import { type Assign, compileTarget } from './assignments.js'
import { declareNames } from './declare.js'
import { NameScope } from './name-scope.js'
import { chain } from './promises.js'
import { BREAK, type Compiler, type Completion, type Eval, type Exec, NORMAL, RETURN } from './types.js'

/** A loop over items already there, in a frame whose slots are the loop's. */
type RunLoop = (frame: Frame, items: Value, depth: number) => Completion | Promise<Completion>

export function compileFor(node: ForNode, c: Compiler): Exec {
  const iterable = c.expression(node.iterable)
  const pos = packPlace(node.iterable.start, node.iterable.end)
  if (node.recursive) return compileRecursive(node, c, iterable)
  const run = compileLoop(node, c, c.scope.inner(), undefined)
  return (f) =>
    chain(iterable(f), (items) => {
      f.pos = pos
      return run(f, items, 0)
    })
}

/** A recursive loop is a function: `loop(items)` runs it again, in a frame of its own, and gives what it printed. */
function compileRecursive(node: ForNode, c: Compiler, iterable: Eval): Exec {
  const scope = NameScope.ofFunction(c.scope)
  const pos = packPlace(node.iterable.start, node.iterable.end)
  const recurse = (outer: Frame): Recurse => {
    const again: Recurse = (items, depth) => {
      const frame = new Frame(outer.text, outer.thread, outer.scope, outer, scope.owner.slotCount)
      frame.pos = pos
      return runFrame(frame, (f) => chain(run(f, items, depth), () => f.out))
    }
    return again
  }
  const inner = c.with({ scope, native: false, inMacro: false })
  const run = compileLoop(node, inner, scope, (f) => recurse(f.parent!))
  return (f) =>
    chain(
      chain(iterable(f), (items) => recurse(f)(items, 0)),
      (text): Completion => {
        if (c.native) f.parts!.push(text)
        else f.out += String(text)
        return NORMAL
      },
    )
}

function compileLoop(
  node: ForNode,
  c: Compiler,
  scope: NameScope,
  recurse: ((frame: Frame) => Recurse) | undefined,
): RunLoop {
  const usesLoop = node.recursive || node.usesLoop
  const inside = c.with({ scope, inLoop: true })
  const assign = compileTarget(node.target, inside)
  const test = node.test ? inside.expression(node.test) : undefined
  const testMayWait = node.test !== undefined && mayWait(node.test)
  const targetSlots = new Set(scope.ownSlots)
  const loopSlot = usesLoop ? scope.declare('loop') : -1
  declareNames(node.body, scope)
  const body = inside.body(node.body)
  const cleared = scope.ownSlots.filter((slot) => !targetSlots.has(slot) && slot !== loopSlot)
  const elseScope = c.scope.inner()
  declareNames(node.otherwise, elseScope)
  const otherwise = node.otherwise.length > 0 ? c.with({ scope: elseScope }).body(node.otherwise) : undefined
  const clear = (f: Frame): void => {
    for (const slot of cleared) f.slots[slot] = undefined
  }

  return (f, items, depth) => {
    // As in jinja2, a loop ran when one of its bodies came to its end: `break` and `continue` in the first leave `else`.
    let ran = false
    let passed = true
    const source: Iterator<Value> = iterate(items)[Symbol.iterator]()
    let loop: LoopContext | undefined

    /** One item: bound, tested, its body run. */
    const step = (value: Value): Completion | Promise<Completion> => {
      clear(f)
      assign(f, value)
      passed = true
      if (!test || loop) return body(f)
      return chain(test(f), (answer) => {
        if (truthy(answer)) return body(f)
        passed = false
        return NORMAL
      })
    }
    const next = (): { value: Value } | undefined => {
      if (loop) return loop.advance()
      const item = source.next()
      return item.done ? undefined : { value: item.value }
    }
    const finish = (completion: Completion): Completion | Promise<Completion> => {
      if (completion === RETURN) return RETURN
      return ran || !otherwise ? NORMAL : otherwise(f)
    }
    const drive = (): Completion | Promise<Completion> => {
      for (let item = next(); item; item = next()) {
        const completion = step(item.value)
        if (completion instanceof Promise) return completion.then(goOn)
        if (completion === BREAK) return finish(BREAK)
        if (completion === RETURN) return RETURN
        if (completion === NORMAL && passed) ran = true
      }
      return finish(NORMAL)
    }
    /** After an item that had to be waited for. */
    const goOn = async (completion: Completion): Promise<Completion> => {
      let ended = completion
      for (;;) {
        if (ended === BREAK) return finish(BREAK)
        if (ended === RETURN) return RETURN
        if (ended === NORMAL && passed) ran = true
        const item = next()
        if (!item) return finish(NORMAL)
        const stepped = step(item.value)
        ended = stepped instanceof Promise ? await stepped : stepped
      }
    }

    if (!usesLoop) return drive()
    const start = (passing: Iterable<Value>, sized: boolean): Completion | Promise<Completion> => {
      loop = new LoopContext(items, passing, sized, f.thread.undefinedMode, depth, recurse?.(f))
      f.slots[loopSlot] = loop
      return drive()
    }
    const all = { [Symbol.iterator]: () => source }
    if (!test) return start(all, true)
    if (!testMayWait) return start(passingNow(f, all, assign, test), false)
    return chain(passingLater(f, all, assign, test), (list) => start(list, false))
  }
}

/** The items that pass a loop's test, tested one by one as the loop asks for them. */
function* passingNow(f: Frame, items: Iterable<Value>, assign: Assign, test: Eval): Iterable<Value> {
  for (const item of items) {
    assign(f, item)
    if (truthy(test(f) as Value)) yield item
  }
}

/** The same when the test calls something that may have to be waited for: all tested first. */
async function passingLater(f: Frame, items: Iterable<Value>, assign: Assign, test: Eval): Promise<Value[]> {
  const passing: Value[] = []
  for (const item of items) {
    assign(f, item)
    if (truthy(await test(f))) passing.push(item)
  }
  return passing
}

/** Whether evaluating an expression may give a promise: only calls do. */
function mayWait(node: Expression): boolean {
  return node.kind === 'call' || childExpressions(node).some(mayWait)
}
