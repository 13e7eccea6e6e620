import type { CallNode, Expression, TemplateAst } from '../ast.js'
import { walkExpressions } from '../ast-walk.js'

/** A call found in a template: of a name (`my_macro`, `dbt_utils.star`), or of `adapter.dispatch` with its literals. */
export interface MacroCall {
  readonly name: string
  /** What `adapter.dispatch('name', 'namespace')` dispatches; undefined for other calls. */
  readonly dispatch?: { readonly name: string | undefined; readonly namespace: string | undefined } | undefined
}

/** Everything a template calls by name, in order of appearance, each once: the edges to the macros it depends on. */
export function macroCalls(ast: TemplateAst): MacroCall[] {
  const found = new Map<string, MacroCall>()
  walkExpressions(ast.body, (node) => {
    if (node.kind !== 'call') return
    const call = readCall(node)
    if (!call) return
    const key = call.dispatch ? `${call.name}:${call.dispatch.namespace ?? ''}:${call.dispatch.name ?? ''}` : call.name
    if (!found.has(key)) found.set(key, call)
  })
  return Array.from(found.values())
}

function readCall(node: CallNode): MacroCall | undefined {
  const { callee } = node
  if (callee.kind === 'name') return { name: callee.name }
  if (callee.kind !== 'attribute' || callee.target.kind !== 'name') return undefined
  const name = `${callee.target.name}.${callee.name}`
  return name === 'adapter.dispatch' ? { name, dispatch: dispatchOf(node) } : { name }
}

function dispatchOf({ call }: CallNode): MacroCall['dispatch'] {
  const named = (wanted: string): Expression | undefined => call.kwargs.find((k) => k.name === wanted)?.value
  return {
    name: text(call.args[0] ?? named('macro_name')),
    namespace: text(call.args[1] ?? named('macro_namespace')),
  }
}

function text(node: Expression | undefined): string | undefined {
  return node?.kind === 'const' && typeof node.value === 'string' ? node.value : undefined
}

/** Whether a template reads a name anywhere (`this`, `model`). */
export function readsName(ast: TemplateAst, name: string): boolean {
  let found = false
  walkExpressions(ast.body, (node) => {
    if (node.kind === 'name' && node.name === name) found = true
  })
  return found
}
