import { as } from './ast.js'

/** The branches of UNIONs nested to the left, in order; the node itself when it is no union. */
export function branchesOf(node: unknown): unknown[] {
  const branches: unknown[] = []
  let at: unknown = node
  for (;;) {
    const union = as(at, 'union')
    if (union === undefined || (at !== node && union['with'] != null)) break
    branches.push(union['right'])
    at = union['left']
  }
  return [at, ...branches.reverse()]
}
