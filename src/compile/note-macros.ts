import type { CallNote, CompilableNode } from '../context/index.js'

/**
 * Adds the macros that are called at run to those that the node is known to depend on, as dbt does: what stands behind
 * `{% if execute %}`, and what a test's materialization calls.
 * @param depth how many calls deep: 0 for the node's own text, 1 for that of its materialization.
 */
export function noteMacrosOf({ depends_on: known }: CompilableNode, depth: number): CallNote {
  return {
    depth,
    note(id) {
      if (!known.macros.includes(id)) known.macros = [...known.macros, id]
    },
  }
}
