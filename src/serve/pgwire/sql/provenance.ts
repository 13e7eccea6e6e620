import type { FuncCall, Node } from 'libpg-query'
import { refuse, SQLSTATE } from '../protocol/wire-error.js'
import { namesOf, walk } from '../statement/ast.js'
import type { OutputColumn } from './translation.js'

/** A relation in FROM, with its columns where they are known. */
export interface SourceColumns {
  readonly alias: string
  readonly columns: readonly OutputColumn[] | null
}

export interface ProvenanceScope {
  readonly sources: readonly SourceColumns[]
  /** There are several relations: rows may come more than once. */
  readonly joined: boolean
}

/** The metrics whose values an expression reads. */
function metricsIn(root: unknown, scope: ProvenanceScope): NonNullable<OutputColumn['metric']>[] {
  const found: NonNullable<OutputColumn['metric']>[] = []
  walk(root, (kind, node) => {
    if (kind !== 'ColumnRef') return
    const path = namesOf((node as { fields?: Node[] }).fields)
    const name = path.at(-1)
    const qualifier = path.at(-2)
    for (const source of scope.sources) {
      if (qualifier !== undefined && source.alias !== qualifier) continue
      const metric = source.columns?.find((column) => column.name === name)?.metric
      if (metric !== null && metric !== undefined) found.push(metric)
    }
  })
  return found
}

/** What a column of a result is, when it is made from metrics further in. */
export function provenanceOf(node: Node, scope: ProvenanceScope): OutputColumn['metric'] {
  const [first] = metricsIn(node, scope)
  if (first === undefined) return null
  const asIs = 'ColumnRef' in node && !scope.joined
  const summed = 'FuncCall' in node && namesOf(node.FuncCall.funcname).at(-1) === 'sum' && !scope.joined
  return { name: first.name, additivity: asIs || summed ? first.additivity : null }
}

/** @throws WireError when values of a metric are put together that do not make its value over the whole. */
export function refuseSummingAgain(call: FuncCall, name: string, scope: ProvenanceScope): void {
  if (name !== 'sum' && name !== 'avg') return
  for (const { name: metric, additivity } of metricsIn(call.args, scope)) {
    if (additivity === 'sum' && !scope.joined) continue
    const why = scope.joined
      ? 'the join may repeat its rows'
      : 'its values over small groups do not add up to its value over their union'
    refuse(SQLSTATE.featureNotSupported, `${name.toUpperCase()} over the metric "${metric}" would be wrong: ${why}`, {
      location: call.location,
      hint: `ask for MEASURE(${metric}) at the groups that are wanted, in one select over the table of metrics`,
    })
  }
}
