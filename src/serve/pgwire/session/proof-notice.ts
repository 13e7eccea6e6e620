import type { Proof } from '../../../query/index.js'
import type { NoticeReport } from '../protocol/backend.js'
import { SQLSTATE } from '../protocol/wire-error.js'

/** What an answer stands on, in one line; a warning when something about it is wrong. Null when nothing is known. */
export function proofNotice(proof: Proof): NoticeReport | null {
  const { buildId, builtAt, fresh, tested, failedTests } = proof
  if (buildId === null && fresh === null && tested === null && failedTests.length === 0) return null
  const parts = [
    buildId === null ? 'build unknown' : `build ${buildId}${builtAt === null ? '' : ` of ${builtAt}`}`,
    fresh === null ? 'freshness unknown' : fresh ? 'fresh' : 'stale',
    tested === null ? 'tests unknown' : tested ? 'tested' : 'not tested',
  ]
  const wrong = failedTests.length > 0 || fresh === false
  return {
    severity: wrong ? 'WARNING' : 'NOTICE',
    sqlState: wrong ? SQLSTATE.warning : SQLSTATE.successful,
    message: `plumbline: ${parts.join(', ')}`,
    detail: failedTests.length === 0 ? undefined : `failed tests: ${failedTests.join(', ')}`,
    hint: fresh === false ? 'some sources were loaded too long ago' : undefined,
  }
}
