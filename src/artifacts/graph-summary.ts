import { writeFileAtomically } from './write-file.js'

/** graph_summary.json: the edges of the graph with numbers for names. */
export interface GraphSummary {
  readonly _invocation_id: string
  readonly linked: Readonly<Record<number, object>>
  /** Only `build` adds edges from tests to what waits for them. */
  readonly with_test_edges?: Readonly<Record<number, object>>
}

/**
 * Writes graph_summary.json.
 * @throws PlumbError `artifact-not-written`.
 */
export async function writeGraphSummary(path: string, summary: GraphSummary): Promise<void> {
  await writeFileAtomically(path, [JSON.stringify(summary)])
}
