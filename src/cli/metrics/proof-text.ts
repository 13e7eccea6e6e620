import type { Proof, ProofNode } from '../../query/types.js'
import { textTable } from '../answers/table.js'

/** A proof as people read it. */
export function proofText(proof: Proof, sql: string): string {
  const { nodes, builtAt, buildId, failedTests } = proof
  const build = buildId === null ? 'no build is known' : `${builtAt} (${buildId})`
  const column = (name: string, cell: (node: ProofNode) => string) => ({
    name,
    isNumber: false,
    cells: nodes.map(cell),
  })
  const table = textTable([
    column('reads', ({ uniqueId }) => uniqueId),
    column('status', ({ status, kind }) => (kind === 'source' ? '' : status)),
    column('built or loaded', ({ lastBuilt }) => lastBuilt?.slice(0, 19).replace('T', ' ') ?? ''),
    column('freshness', ({ freshness }) => freshness ?? ''),
    column('tests', testsText),
    column('file', ({ path }) => path),
  ])
  const word = (value: boolean | null) => (value === null ? 'unknown' : value ? 'yes' : 'no')
  const failed = failedTests.length === 0 ? '' : `Failed tests: ${failedTests.join(', ')}\n`
  return (
    `Proof: fresh ${word(proof.fresh)}, tested ${word(proof.tested)}; last build ${build}\n${failed}\n${table}\n\n` +
    `SQL:\n${sql}\n`
  )
}

function testsText({ tests }: ProofNode): string {
  const parts = (['pass', 'warn', 'fail', 'unknown'] as const).flatMap((state) =>
    tests[state] === 0 ? [] : `${tests[state]} ${state}`,
  )
  return parts.length === 0 ? 'none' : parts.join(', ')
}

/** A proof with the names of the JSON answer. */
export function proofJson(proof: Proof, sql: string): Record<string, unknown> {
  return {
    sql,
    build_id: proof.buildId,
    built_at: proof.builtAt,
    fresh: proof.fresh,
    tested: proof.tested,
    failed_tests: proof.failedTests,
    nodes: proof.nodes.map(({ uniqueId, lastBuilt, ...node }) => ({
      unique_id: uniqueId,
      last_built: lastBuilt,
      ...node,
    })),
  }
}
