import { fail } from '../core/diagnostic.js'
import type { Flags } from '../core/flags.js'
import { warningTreatment } from '../core/warning-treatment.js'
import type { TestNode } from '../manifest/index.js'
import { pluralize } from './events/line.js'

/** What a data test's query answers: one row. */
export interface TestCounts {
  readonly failures: number
  readonly shouldWarn: boolean
  readonly shouldError: boolean
}

export interface TestVerdict {
  readonly status: 'pass' | 'warn' | 'fail'
  readonly message: string | null
  readonly failures: number
}

/** Passed, warned or failed, by `severity`, `warn_if`, `error_if` and whether warnings are errors. */
export function judgeTest(test: TestNode, counts: TestCounts, flags: Flags): TestVerdict {
  const severity = String(test.config['severity'] ?? 'ERROR').toUpperCase()
  const found = `Got ${pluralize(counts.failures, 'result')}, configured to`
  if (severity === 'ERROR' && counts.shouldError) {
    return { status: 'fail', message: `${found} fail if ${conditionOf(test, 'error_if')}`, failures: counts.failures }
  }
  if (!counts.shouldWarn) return { status: 'pass', message: null, failures: 0 }
  const condition = conditionOf(test, 'warn_if')
  return warningsAreErrors(flags)
    ? { status: 'fail', message: `${found} fail if ${condition}`, failures: counts.failures }
    : { status: 'warn', message: `${found} warn if ${condition}`, failures: counts.failures }
}

function conditionOf(test: TestNode, key: 'warn_if' | 'error_if'): string {
  return String(test.config[key] ?? '!= 0')
}

function warningsAreErrors({ warnError, warnErrorOptions }: Flags): boolean {
  return warningTreatment({ name: 'LogTestResult', code: 'Q007' }, warnErrorOptions, warnError) === 'error'
}

/**
 * Truth as warehouses write it: booleans, 0 and 1, or text.
 * @throws PlumbError for a text that is neither true nor false.
 */
export function readBoolean(value: unknown, column: string): boolean {
  if (typeof value !== 'string') return Boolean(value)
  if (/^(?:y|yes|t|true|on|1)$/i.test(value)) return true
  if (/^(?:n|no|f|false|off|0)$/i.test(value)) return false
  fail(
    'runtime',
    'test-not-boolean',
    `The macro 'get_test_sql' returns '${value}' for ${column}. It is not type 'bool' and cannot not be converted reliably to a bool.`,
  )
}
