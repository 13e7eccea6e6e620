import { didYouMean } from '../../core/did-you-mean.js'
import type { FilterNode, TestNode } from '../ast.js'
import { FILTERS, TESTS } from '../registry.js'
import { type Frame, packPlace } from '../runtime/frame.js'
import { syntaxError } from '../syntax/source-text.js'
import { pyError } from '../values/errors.js'
import { NO_KWARGS, type Value } from '../values/value.js'
import { compileArguments } from './arguments.js'
import { evaluateAll } from './promises.js'
import type { Compiler, Eval } from './types.js'

/** Compiles a filter chain. Its innermost target is `block` where the text of a block comes in. */
export function compileFilter(node: FilterNode, c: Compiler, block?: Eval): Eval {
  const target = node.target?.kind === 'filter' ? compileFilter(node.target, c, block) : innermost(node, c, block)
  const filter = FILTERS.get(node.name)
  const pos = packPlace(node.start, node.end)
  if (!filter) return unknown(node, c, 'filter', FILTERS.keys())
  const { all, keywords } = compileArguments(node.call, c)
  const { native } = c
  const finish = (f: Frame, value: Value, values: Value[]): Value => {
    f.pos = pos
    const kwargs = keywords ? keywords(values) : NO_KWARGS
    return filter(value, values, kwargs, { thread: f.thread, native })
  }
  return applied(target, all, finish)
}

/** Evaluates a value and the arguments that go with it. */
function applied(target: Eval, all: readonly Eval[], finish: (f: Frame, value: Value, values: Value[]) => Value): Eval {
  const withArguments = (f: Frame, value: Value): Value | Promise<Value> => {
    const values = evaluateAll(all, f)
    return values instanceof Promise ? values.then((v) => finish(f, value, v)) : finish(f, value, values)
  }
  return (f) => {
    const value = target(f)
    return value instanceof Promise ? value.then((v) => withArguments(f, v)) : withArguments(f, value)
  }
}

function innermost(node: FilterNode, c: Compiler, block: Eval | undefined): Eval {
  if (node.target) return c.expression(node.target)
  if (block) return block
  throw syntaxError(c.text, 'a filter needs a value', node.start, node.end)
}

export function compileTest(node: TestNode, c: Compiler): Eval {
  const target = c.expression(node.target)
  const test = TESTS.get(node.name)
  const pos = packPlace(node.start, node.end)
  if (!test) return unknown(node, c, 'test', TESTS.keys())
  const { all, keywords } = compileArguments(node.call, c)
  return applied(target, all, (f, value, values) => {
    f.pos = pos
    return test(value, values, keywords ? keywords(values) : NO_KWARGS)
  })
}

/** As in jinja2, an unknown filter or test fails at once, or only when it is met if it stands under a condition. */
function unknown(node: FilterNode | TestNode, c: Compiler, what: string, known: Iterable<string>): Eval {
  const hint = didYouMean(node.name, known)
  const message = `No ${what} named '${node.name}'`
  if (!c.soft) throw syntaxError(c.text, message + '.', node.start, node.end, hint)
  const pos = packPlace(node.start, node.end)
  return (f) => {
    f.pos = pos
    throw pyError('TemplateRuntimeError', message + ' found.', hint)
  }
}
