import type { Expression, ForNode } from '../ast.js'
import { childExpressions } from '../ast-walk.js'
import { Frame, packPlace } from '../runtime/frame.js'
import { runFrame } from '../runtime/invoke.js'
import { DONE, LoopContext, type Recurse, type Source, sourceOf } from '../runtime/loop.js'
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
      return runFrame(frame, (f) => chain(run(f, items, depth), () => f.joined()))
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
  const parts: LoopParts = { cleared, assign, test, body, otherwise }
  if (!usesLoop) return (f, items) => new LoopRun(f, parts, sourceOf(iterate(items)), undefined).drive()
  return (f, items, depth) => {
    const all = iterate(items)
    const start = (source: Source, sized: boolean): Completion | Promise<Completion> => {
      const loop = new LoopContext(items, source, sized, f.thread.undefinedMode, depth, recurse?.(f))
      f.slots[loopSlot] = loop
      return new LoopRun(f, parts, source, loop).drive()
    }
    if (!test) return start(sourceOf(all), true)
    if (!testMayWait) return start(sourceOf(passingNow(f, all, assign, test)), false)
    return chain(passingLater(f, all, assign, test), (list) => start(sourceOf(list), false))
  }
}

/** The compiled parts of a loop. */
interface LoopParts {
  /** Variables of the body, unset before each item. */
  readonly cleared: readonly number[]
  readonly assign: Assign
  readonly test: Eval | undefined
  readonly body: Exec
  readonly otherwise: Exec | undefined
}

/** One run of a loop. */
class LoopRun {
  /**
   * As in jinja2, a loop ran when one of its bodies came to its end: after `break` or `continue` in the first and only
   * one, `else` runs too.
   */
  #ran = false
  /** The item under way passed the test. */
  #passed = true

  constructor(
    private readonly frame: Frame,
    private readonly parts: LoopParts,
    private readonly source: Source,
    /** With a `loop` variable, which then gives the items, tested already. */
    private readonly loop: LoopContext | undefined,
  ) {}

  drive(): Completion | Promise<Completion> {
    for (;;) {
      const item = this.#next()
      if (item === DONE) return this.#finish()
      const completion = this.#step(item)
      if (completion instanceof Promise) return this.#goOn(completion)
      if (completion === BREAK) return this.#finish()
      if (completion === RETURN) return RETURN
      if (completion === NORMAL && this.#passed) this.#ran = true
    }
  }

  /** The rest of the loop, after an item that has to be waited for. */
  async #goOn(pending: Promise<Completion>): Promise<Completion> {
    let completion = await pending
    for (;;) {
      if (completion === BREAK) return this.#finish()
      if (completion === RETURN) return RETURN
      if (completion === NORMAL && this.#passed) this.#ran = true
      const item = this.#next()
      if (item === DONE) return this.#finish()
      const stepped = this.#step(item)
      completion = stepped instanceof Promise ? await stepped : stepped
    }
  }

  #next(): Value | typeof DONE {
    return this.loop ? this.loop.advance() : this.source()
  }

  /** One item: bound, tested, its body run. */
  #step(item: Value): Completion | Promise<Completion> {
    const { frame, parts } = this
    for (const slot of parts.cleared) frame.slots[slot] = undefined
    parts.assign(frame, item)
    this.#passed = true
    if (!parts.test || this.loop) return parts.body(frame)
    const answer = parts.test(frame)
    return answer instanceof Promise ? answer.then((a) => this.#tested(a)) : this.#tested(answer)
  }

  #tested(answer: Value): Completion | Promise<Completion> {
    if (truthy(answer)) return this.parts.body(this.frame)
    this.#passed = false
    return NORMAL
  }

  #finish(): Completion | Promise<Completion> {
    return this.#ran || !this.parts.otherwise ? NORMAL : this.parts.otherwise(this.frame)
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
