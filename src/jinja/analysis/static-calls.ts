import type { SourceSpan } from '../../core/source-span.js'
import type { CallNode, TemplateAst } from '../ast.js'
import { walkExpressions } from '../ast-walk.js'
import { placeOf } from '../syntax/source-text.js'
import type { Kwargs, Value } from '../values/value.js'
import { literalValue } from './literal.js'

/** A call whose name and arguments can be read without running the template. */
export interface StaticCall {
  readonly name: string
  readonly args: readonly Value[]
  readonly kwargs: Kwargs
  readonly span: SourceSpan
}

export interface StaticCalls {
  /** Calls with literal arguments, wherever they stand (also under conditions). */
  readonly calls: StaticCall[]
  /** The template is text and such calls, one a tag: what it would do when run is known without running it. */
  readonly onlyThese: boolean
}

/** The literal-argument calls of some functions (`ref`, `source`, `config`), found without running the template. */
export function staticCalls(ast: TemplateAst, names: ReadonlySet<string>): StaticCalls {
  const onlyThese = ast.body.every(
    (node) =>
      node.kind === 'text' ||
      (node.kind === 'output' && node.value.kind === 'call' && readCall(ast, node.value, names)),
  )
  const calls: StaticCall[] = []
  walkExpressions(ast.body, (node) => {
    const call = node.kind === 'call' ? readCall(ast, node, names) : undefined
    if (call) calls.push(call)
  })
  return { calls, onlyThese }
}

function readCall(ast: TemplateAst, node: CallNode, names: ReadonlySet<string>): StaticCall | undefined {
  const { callee, call } = node
  if (callee.kind !== 'name' || !names.has(callee.name) || call.star || call.doubleStar) return undefined
  const args: Value[] = []
  for (const arg of call.args) {
    const literal = literalValue(arg)
    if (!literal) return undefined
    args.push(literal.value)
  }
  const kwargs: Record<string, Value> = {}
  for (const kwarg of call.kwargs) {
    const literal = literalValue(kwarg.value)
    if (!literal) return undefined
    kwargs[kwarg.name] = literal.value
  }
  return { name: callee.name, args, kwargs, span: placeOf(ast, node.start, node.end) }
}
