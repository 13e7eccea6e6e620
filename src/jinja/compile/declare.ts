import type { Statement } from '../ast.js'
import { targetNames } from '../ast-walk.js'
import type { NameScope } from './name-scope.js'

/**
 * Makes slots for every name a body assigns in its own block, before any of it is compiled: a macro may read a
 * variable that the template sets after it.
 */
export function declareNames(body: readonly Statement[], scope: NameScope): void {
  for (const node of body) {
    if (node.kind === 'set' || node.kind === 'set-block') {
      for (const name of targetNames(node.target)) scope.declare(name)
    } else if (node.kind === 'macro') scope.declareMacro(node.name)
    else if (node.kind === 'if') {
      for (const branch of node.branches) declareNames(branch.body, scope)
      declareNames(node.otherwise, scope)
    }
  }
}
