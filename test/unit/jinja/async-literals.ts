import type { Expression, Statement, TemplateAst } from '../../../src/jinja/index.js'

/**
 * The same template with every literal `x` replaced by a call `later(x)`: when `later` gives promises, every construct
 * has to wait for its parts.
 */
export function withAsyncLiterals(ast: TemplateAst): TemplateAst {
  return { ...ast, body: ast.body.map(statement) }
}

const later = (node: Expression): Expression => {
  const { start, end } = node
  return {
    kind: 'call',
    callee: { kind: 'name', name: 'later', start, end },
    call: { args: [node], kwargs: [], star: undefined, doubleStar: undefined },
    start,
    end,
  }
}

/** Plain data rebuilt with literal nodes replaced; the kinds of nodes need not be told apart. */
function statement(node: Statement): Statement {
  return rebuild(node) as Statement
}

function rebuild(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rebuild)
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  const node = value as { kind?: string }
  if (node.kind === 'const') return later(value as Expression)
  return Object.fromEntries(Object.entries(node).map(([key, inner]) => [key, rebuild(inner)]))
}
