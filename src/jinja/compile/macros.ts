import type { CallBlockNode, ImplicitNames, MacroNode, MacroParam, Statement } from '../ast.js'
import { Frame } from '../runtime/frame.js'
import { runFrame } from '../runtime/invoke.js'
import type { Scope } from '../runtime/scope.js'
import type { RenderThread } from '../runtime/thread.js'
import { syntaxError } from '../syntax/source-text.js'
import { pyError } from '../values/errors.js'
import { describeFunction } from '../values/function-info.js'
import { typeName } from '../values/kinds.js'
import { Markup } from '../values/markup.js'
import { toStr } from '../values/text.js'
import { tuple } from '../values/tuple.js'
import { HOST_UNDEFINED, isUndefined, Undefined } from '../values/undefined.js'
import type { Kwargs, Value } from '../values/value.js'
import { compileCallWith } from './calls.js'
import { declareNames } from './declare.js'
import { NameScope } from './name-scope.js'
import { chain } from './promises.js'
import { type Compiler, type Completion, type Eval, type Exec, NORMAL, RETURN } from './types.js'

/** Runs a macro's body for a call, in a new frame. `outer` is the frame of the code it was defined in, if it reads that. */
export type RunMacro = (
  thread: RenderThread,
  names: Scope,
  outer: Frame | undefined,
  args: readonly Value[],
  kwargs: Kwargs,
) => Value | Promise<Value>

interface MacroShape {
  /** How messages call it: a name in quotes, or None. */
  readonly shown: string
  readonly params: readonly MacroParam[]
  readonly body: readonly Statement[]
  readonly reads: ImplicitNames
  /** A macro proper may be left by `return` without a throw; a caller body may not. */
  readonly isMacro: boolean
}

/** Compiles a macro or caller body to a function of its call's arguments. */
export function compileMacroBody(shape: MacroShape, c: Compiler): RunMacro {
  const { shown, params } = shape
  const scope = NameScope.ofFunction(c.scope)
  const inside = c.with({ scope, native: false, soft: false, inLoop: false, inMacro: shape.isMacro })
  const slots = params.map((p) => scope.declare(p.name))
  const defaults: (Eval | undefined)[] = params.map((p) => (p.default ? inside.expression(p.default) : undefined))
  checkCaller(shape, c)
  const callerSlot = implicitSlot('caller', shape, scope)
  const kwargsSlot = implicitSlot('kwargs', shape, scope)
  const varargsSlot = implicitSlot('varargs', shape, scope)
  declareNames(shape.body, scope)
  const body = inside.body(shape.body)
  const paramNames = params.map((p) => p.name)

  const bind = (frame: Frame, args: readonly Value[], kwargs: Kwargs): void => {
    const taken = Math.min(args.length, slots.length)
    for (let i = 0; i < taken; i++) frame.slots[slots[i]!] = args[i] === undefined ? HOST_UNDEFINED : args[i]
    let rest: Map<Value, Value> | undefined
    for (const key in kwargs) {
      const at = paramNames.indexOf(key)
      const value = kwargs[key] === undefined ? HOST_UNDEFINED : kwargs[key]
      if (at >= taken) frame.slots[slots[at]!] = value
      else if (key === 'caller' && callerSlot >= 0) frame.slots[callerSlot] = value
      else if (kwargsSlot >= 0) (rest ??= new Map()).set(key, kwargs[key])
      else throw unexpectedKeyword(shown, key, kwargs)
    }
    if (kwargsSlot >= 0) frame.slots[kwargsSlot] = rest ?? new Map()
    if (varargsSlot >= 0) frame.slots[varargsSlot] = tuple(args.slice(slots.length))
    else if (args.length > slots.length) {
      const most = slots.length + (callerSlot >= 0 ? 1 : 0)
      throw pyError('TypeError', `macro ${shown} takes not more than ${most} argument(s)`)
    }
    if (callerSlot >= 0 && isUndefined(frame.slots[callerSlot]))
      frame.slots[callerSlot] = new Undefined(frame.thread.undefinedMode, 'caller', 'No caller defined')
  }

  /** Fills in what was not given, from parameter `from` on: defaults may read the parameters before them. */
  const fill = (frame: Frame, from: number): void | Promise<void> => {
    for (let i = from; i < slots.length; i++) {
      const slot = slots[i]!
      if (frame.slots[slot] !== undefined) continue
      const value = defaults[i] ? defaults[i]!(frame) : notProvided(frame, paramNames[i]!)
      if (value instanceof Promise) {
        return value.then((v) => {
          frame.slots[slot] = v
          return fill(frame, i + 1)
        })
      }
      frame.slots[slot] = value
    }
  }

  const finish = (frame: Frame, completion: Completion): Value =>
    completion === RETURN ? frame.returned : frame.joined()

  const run = (frame: Frame): Value | Promise<Value> => {
    const completion = body(frame)
    return completion instanceof Promise ? completion.then((done) => finish(frame, done)) : finish(frame, completion)
  }

  const { text } = c
  const { slotCount } = scope.owner
  return (thread, names, outer, args, kwargs) =>
    runFrame(new Frame(text, thread, names, outer, slotCount), (f) => {
      bind(f, args, kwargs)
      const filled = fill(f, 0)
      return filled instanceof Promise ? filled.then(() => run(f)) : run(f)
    })
}

function implicitSlot(word: keyof ImplicitNames, shape: MacroShape, scope: NameScope): number {
  if (!shape.reads[word] || shape.params.some((p) => p.name === word)) return -1
  return scope.declare(word)
}

function notProvided(frame: Frame, name: string): Value {
  return new Undefined(frame.thread.undefinedMode, name, `parameter '${name}' was not provided`)
}

function unexpectedKeyword(shown: string, key: string, kwargs: Kwargs): Error {
  if (Object.hasOwn(kwargs, 'caller')) {
    return pyError(
      'TypeError',
      `macro ${shown} was invoked with two values for the special caller argument. This is most likely a bug.`,
    )
  }
  return pyError('TypeError', `macro ${shown} takes no keyword argument '${key}'`)
}

function checkCaller({ params, reads }: MacroShape, c: Compiler): void {
  const caller = params.find((p) => p.name === 'caller')
  if (!caller || caller.default || !reads.caller) return
  throw syntaxError(
    c.text,
    'When defining macros or call blocks the special "caller" argument must be omitted or be given a default.',
    caller.start,
    caller.end,
  )
}

/** A macro defined inside a template, callable in it. */
export function compileMacro(node: MacroNode, c: Compiler): Exec {
  // Snapshots are cut out of their files by their text; inside another template the tag means nothing.
  if (node.tag === 'snapshot')
    throw syntaxError(c.text, "Encountered unknown tag 'snapshot'.", node.start, node.start + 'snapshot'.length)
  const slot = c.scope.declareMacro(node.name)
  const run = compileMacroBody(shapeOfMacro(node), c)
  const info = { name: node.name, argumentNames: node.params.map((p) => p.name) }
  return (f) => {
    f.slots[slot] = describeFunction((args, kwargs) => run(f.thread, f.scope, f, args, kwargs), info)
    return NORMAL
  }
}

/** What messages call a macro by: the name dbt's environment gives it. */
export function shapeOfMacro(node: MacroNode): MacroShape {
  return {
    shown: `'dbt_macro__${node.macroName}'`,
    params: node.params,
    body: node.body,
    reads: node.reads,
    isMacro: true,
  }
}

/** jinja2 writes what a call block's macro gave as it is: anything but text fails when the output is joined. */
function writeCall(f: Frame, value: Value): void {
  if (typeof value === 'string' || isUndefined(value) || value instanceof Markup) f.out += toStr(value)
  else {
    const error = pyError('TypeError', `a call block has to give text: expected str instance, ${typeName(value)} found`)
    f.fault ??= { error, pos: f.pos }
  }
}

/** `{% call(args) macro(...) %}body{% endcall %}`: the body goes along as the function `caller`. */
export function compileCallBlock(node: CallBlockNode, c: Compiler): Exec {
  const { params, body, reads } = node
  const run = compileMacroBody({ shown: 'None', params, body, reads, isMacro: false }, c)
  const info = { name: 'caller', argumentNames: params.map((p) => p.name) }
  const call = compileCallWith(node.call, c, {
    name: 'caller',
    make: (f) => describeFunction((args, kwargs) => run(f.thread, f.scope, f, args, kwargs), info),
  })
  const { native } = c
  return (f) =>
    chain(call(f), (value): Completion => {
      if (native) f.parts!.push(value)
      else writeCall(f, value)
      return NORMAL
    })
}
