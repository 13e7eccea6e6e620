import type { SetBlockNode, SetNode, Target } from '../ast.js'
import { type Frame, packPlace } from '../runtime/frame.js'
import { Namespace } from '../runtime/namespace.js'
import { pyError } from '../values/errors.js'
import { tryIterate } from '../values/iterate.js'
import { typeName } from '../values/kinds.js'
import { HOST_UNDEFINED, isUndefined, requireDefined, Undefined } from '../values/undefined.js'
import type { Value } from '../values/value.js'
import { captureBody } from './capture.js'
import { compileFilter } from './filters.js'
import { compileName } from './lookups.js'
import { chain } from './promises.js'
import { type Compiler, type Completion, type Exec, NORMAL } from './types.js'

/** Stores a value in a target. */
export type Assign = (frame: Frame, value: Value) => void

/** Compiles a target of the compiler's innermost block. */
export function compileTarget(target: Target, c: Compiler): Assign {
  switch (target.kind) {
    case 'name': {
      const slot = c.scope.declare(target.name)
      return (f, value) => {
        f.slots[slot] = value === undefined ? HOST_UNDEFINED : value
      }
    }
    case 'namespace-target': {
      const { attribute, start, end } = target
      const owner = compileName({ kind: 'name', name: target.name, start, end }, c)
      const pos = packPlace(start, end)
      return (f, value) => {
        const namespace = owner(f)
        f.pos = pos
        if (!(namespace instanceof Namespace))
          throw pyError('TemplateRuntimeError', 'cannot assign attribute on non-namespace object')
        namespace.attributes.set(attribute, value)
      }
    }
    case 'tuple-target': {
      const items = target.items.map((item) => compileTarget(item, c))
      const pos = packPlace(target.start, target.end)
      return (f, value) => {
        f.pos = pos
        const values = unpack(value, items.length)
        for (let i = 0; i < items.length; i++) items[i]!(f, values[i])
      }
    }
  }
}

function unpack(value: Value, count: number): readonly Value[] {
  // A strict undefined says what is missing; a chaining one unpacks to nothing, as an empty list would.
  if (isUndefined(value) && !(value instanceof Undefined && value.mode === 'chain')) requireDefined(value)
  const iterable = tryIterate(value)
  if (iterable === undefined) throw pyError('TypeError', `cannot unpack non-iterable ${typeName(value)} object`)
  const values = Array.isArray(iterable) ? (iterable as readonly Value[]) : Array.from(iterable)
  if (values.length < count)
    throw pyError('ValueError', `not enough values to unpack (expected ${count}, got ${values.length})`)
  if (values.length > count) throw pyError('ValueError', `too many values to unpack (expected ${count})`)
  return values
}

export function compileSet(node: SetNode, c: Compiler): Exec {
  const value = c.expression(node.value)
  const assign = compileTarget(node.target, c)
  return (f) => {
    const v = value(f)
    if (v instanceof Promise) {
      return v.then((x): Completion => {
        assign(f, x)
        return NORMAL
      })
    }
    assign(f, v)
    return NORMAL
  }
}

export function compileSetBlock(node: SetBlockNode, c: Compiler): Exec {
  const capture = captureBody(node.body, c)
  const assign = compileTarget(node.target, c)
  const filter = node.filter ? compileFilter(node.filter, c, (f) => f.captured) : undefined
  return (f) =>
    capture(f, (captured) => {
      if (!filter) {
        assign(f, captured)
        return NORMAL
      }
      f.captured = captured
      return chain(filter(f), (value): Completion => {
        assign(f, value)
        return NORMAL
      })
    })
}
