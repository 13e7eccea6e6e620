import type { CallArguments, Expression, MacroParam, Statement, Target } from './ast.js'

/** Calls `visit` for an expression and everything inside it, outermost first. */
export function walkExpression(node: Expression, visit: (node: Expression) => void): void {
  visit(node)
  for (const child of childExpressions(node)) walkExpression(child, visit)
}

/** The expressions directly inside one. */
export function childExpressions(node: Expression): Expression[] {
  switch (node.kind) {
    case 'name':
    case 'const':
      return []
    case 'list':
    case 'tuple':
    case 'concat':
      return [...node.items]
    case 'dict':
      return node.items.flatMap((item) => [item.key, item.value])
    case 'condition':
      return defined(node.test, node.value, node.otherwise)
    case 'filter':
    case 'test':
      return [...defined(node.target), ...argumentExpressions(node.call)]
    case 'call':
      return [node.callee, ...argumentExpressions(node.call)]
    case 'attribute':
      return [node.target]
    case 'item':
      return [node.target, node.key]
    case 'slice':
      return defined(node.from, node.to, node.step)
    case 'binary':
    case 'logical':
      return [node.left, node.right]
    case 'unary':
      return [node.operand]
    case 'compare':
      return [node.left, ...node.operands.map((o) => o.value)]
  }
}

function defined(...nodes: (Expression | undefined)[]): Expression[] {
  return nodes.filter((node) => node !== undefined)
}

function argumentExpressions(call: CallArguments): Expression[] {
  return [...call.args, ...call.kwargs.map((k) => k.value), ...defined(call.star, call.doubleStar)]
}

function defaultsOf(params: readonly MacroParam[]): Expression[] {
  return defined(...params.map((p) => p.default))
}

/** The expressions that stand directly in a statement, not in the statements inside it. */
export function statementExpressions(node: Statement): Expression[] {
  switch (node.kind) {
    case 'text':
    case 'break':
    case 'continue':
    case 'block':
      return []
    case 'output':
    case 'do':
    case 'set':
      return [node.value]
    case 'if':
      return node.branches.map((b) => b.test)
    case 'for':
      return defined(node.iterable, node.test)
    case 'set-block':
    case 'filter-block':
      return defined(node.filter)
    case 'macro':
      return defaultsOf(node.params)
    case 'call-block':
      return [node.call, ...defaultsOf(node.params)]
    case 'with':
      return node.bindings.map((b) => b.value)
  }
}

/** The bodies directly inside a statement. */
export function childBodies(node: Statement): (readonly Statement[])[] {
  switch (node.kind) {
    case 'if':
      return [...node.branches.map((b) => b.body), node.otherwise]
    case 'for':
      return [node.body, node.otherwise]
    case 'set-block':
    case 'filter-block':
    case 'macro':
    case 'call-block':
    case 'with':
    case 'block':
      return [node.body]
    default:
      return []
  }
}

/** Calls `visit` for every statement of a body and of the bodies inside. */
export function walkStatements(body: readonly Statement[], visit: (node: Statement) => void): void {
  for (const node of body) {
    visit(node)
    for (const inner of childBodies(node)) walkStatements(inner, visit)
  }
}

/** Calls `visit` for every expression of a body and of the bodies inside. */
export function walkExpressions(body: readonly Statement[], visit: (node: Expression) => void): void {
  walkStatements(body, (statement) => {
    for (const expression of statementExpressions(statement)) walkExpression(expression, visit)
  })
}

/** The names a target assigns. */
export function targetNames(target: Target): string[] {
  if (target.kind === 'name') return [target.name]
  return target.kind === 'tuple-target' ? target.items.flatMap(targetNames) : []
}
