import type { AttributeNode, ItemNode, NameNode } from '../ast.js'
import { GLOBALS } from '../globals.js'
import { type Frame, packPlace } from '../runtime/frame.js'
import { getAttr, getItem } from '../values/access.js'
import { Undefined } from '../values/undefined.js'
import type { Value } from '../values/value.js'
import type { NameScope, SlotPlace } from './name-scope.js'
import { chain, evaluatePair } from './promises.js'
import type { Compiler, Eval } from './types.js'

export function compileName(node: NameNode, c: Compiler): Eval {
  const { name } = node
  const { scope } = c
  const places = scope.places(name)
  if (places.length === 0) return (f) => outside(f, name, scope)
  const only = places[0]!
  if (places.length === 1 && only.depth === 0 && !only.isMacro) {
    const { slot } = only
    return (f) => {
      const value = f.slots[slot]
      return value === undefined ? outside(f, name, scope) : value
    }
  }
  const variables = places.filter((p) => !p.isMacro)
  const macros = places.filter((p) => p.isMacro)
  return (f) => {
    const variable = firstSet(f, variables)
    if (variable !== undefined) return variable
    if (macros.length === 0) return outside(f, name, scope)
    const known = f.scope.get(name)
    if (known !== undefined) return known
    const macro = firstSet(f, macros)
    return macro !== undefined ? macro : outside(f, name, scope)
  }
}

function firstSet(f: Frame, places: readonly SlotPlace[]): Value {
  for (const place of places) {
    const value = valueAt(f, place)
    if (value !== undefined) return value
  }
  return undefined
}

function valueAt(f: Frame, place: SlotPlace): Value {
  let frame = f
  for (let depth = place.depth; depth > 0; depth--) frame = frame.parent!
  return frame.slots[place.slot]
}

/** A name that is no variable of the template: the host's, or one of Jinja's own, or undefined. */
function outside(f: Frame, name: string, scope: NameScope): Value {
  const value = f.scope.get(name)
  if (value !== undefined) return value
  const known = GLOBALS.get(name)
  if (known !== undefined) return known
  const names = () => [...scope.names(), ...(f.scope.names?.() ?? []), ...GLOBALS.keys()]
  return new Undefined(f.thread.undefinedMode, name, `'${name}' is undefined`, names)
}

export function compileAttribute(node: AttributeNode, c: Compiler): Eval {
  const { name } = node
  const target = c.expression(node.target)
  const pos = packPlace(node.start, node.end)
  return (f) => {
    const value = target(f)
    if (value instanceof Promise) {
      return value.then((v) => {
        f.pos = pos
        return getAttr(v, name, f.thread.undefinedMode)
      })
    }
    f.pos = pos
    return getAttr(value, name, f.thread.undefinedMode)
  }
}

export function compileItem(node: ItemNode, c: Compiler): Eval {
  const target = c.expression(node.target)
  const pos = packPlace(node.start, node.end)
  if (node.key.kind === 'const') {
    const key = node.key.value
    return (f) =>
      chain(target(f), (value) => {
        f.pos = pos
        return getItem(value, key, f.thread.undefinedMode)
      })
  }
  const key = c.expression(node.key)
  return (f) =>
    evaluatePair(target, key, f, (a, b) => {
      f.pos = pos
      return getItem(a, b, f.thread.undefinedMode)
    })
}
