import { didYouMean } from '../../core/did-you-mean.js'
import type { FilterNode, TestNode } from '../ast.js'
import { FILTERS, TESTS } from '../registry.js'
import { packPlace } from '../runtime/frame.js'
import { syntaxError } from '../syntax/source-text.js'
import { pyError } from '../values/errors.js'
import { compileArguments } from './arguments.js'
import { applied } from './calls.js'
import type { Compiler, Eval } from './types.js'

/** Compiles a filter chain. Its innermost target is `block` where the text of a block comes in. */
export function compileFilter(node: FilterNode, c: Compiler, block?: Eval): Eval {
  const target = node.target?.kind === 'filter' ? compileFilter(node.target, c, block) : innermost(node, c, block)
  const filter = FILTERS.get(node.name)
  const pos = packPlace(node.start, node.end)
  if (!filter) return unknown(node, c, 'filter', FILTERS.keys())
  const { native } = c
  return applied(target, compileArguments(node.call, c, pos), (f, value, { args, kwargs }) => {
    f.pos = pos
    return filter(value, args, kwargs, { thread: f.thread, native })
  })
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
  return applied(target, compileArguments(node.call, c, pos), (f, value, { args, kwargs }) => {
    f.pos = pos
    return test(value, args, kwargs)
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
