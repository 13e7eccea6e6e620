import { describe, expect, test } from 'vitest'
import { createFlags } from '../../../src/core/flags.js'
import type { TestNode } from '../../../src/manifest/index.js'
import { judgeAge } from '../../../src/run/steps/freshness.js'
import { judgeTest, readBoolean } from '../../../src/run/test-status.js'

const testNode = (config: Record<string, unknown>): TestNode => ({ config }) as unknown as TestNode
const found = (failures: number, shouldWarn = true, shouldError = true) => ({ failures, shouldWarn, shouldError })

describe('verdicts of data tests', () => {
  test('rows that should not be there fail the test', () => {
    expect(judgeTest(testNode({}), found(1), createFlags())).toEqual({
      status: 'fail',
      message: 'Got 1 result, configured to fail if != 0',
      failures: 1,
    })
  })

  test('severity warn turns a failure into a warning', () => {
    expect(judgeTest(testNode({ severity: 'warn', warn_if: '> 1' }), found(3), createFlags())).toEqual({
      status: 'warn',
      message: 'Got 3 results, configured to warn if > 1',
      failures: 3,
    })
  })

  test('below error_if but over warn_if is a warning', () => {
    const verdict = judgeTest(testNode({ error_if: '> 10', warn_if: '> 1' }), found(3, true, false), createFlags())
    expect(verdict.status).toBe('warn')
  })

  test('nothing found passes with no failures', () => {
    expect(judgeTest(testNode({}), found(0, false, false), createFlags())).toEqual({
      status: 'pass',
      message: null,
      failures: 0,
    })
  })

  test('--warn-error makes a warning fail, and an exception to it does not', () => {
    const warning = testNode({ severity: 'warn' })
    expect(judgeTest(warning, found(2), createFlags({ warnError: true }))).toMatchObject({
      status: 'fail',
      message: 'Got 2 results, configured to fail if != 0',
    })
    const options = (warn: string[]) => createFlags({ warnErrorOptions: { error: 'all', warn, silence: [] } })
    expect(judgeTest(warning, found(2), options([])).status).toBe('fail')
    expect(judgeTest(warning, found(2), options(['LogTestResult'])).status).toBe('warn')
  })

  test('truth comes as boolean, number or text', () => {
    expect([true, 1, 'true', 'T', 'yes', '1'].map((value) => readBoolean(value, 'c'))).not.toContain(false)
    expect([false, 0, null, 'false', 'F', 'no', '0'].map((value) => readBoolean(value, 'c'))).not.toContain(true)
    expect(() => readBoolean('perhaps', 'should_warn')).toThrow("returns 'perhaps' for should_warn")
  })
})

describe('age of a source', () => {
  const thresholds = {
    warn_after: { count: 1, period: 'hour' as const },
    error_after: { count: 1, period: 'day' as const },
    filter: null,
  }
  test('over a threshold, not on it', () => {
    expect(judgeAge(thresholds, 3600)).toBe('pass')
    expect(judgeAge(thresholds, 3601)).toBe('warn')
    expect(judgeAge(thresholds, 86_401)).toBe('error')
    expect(judgeAge({ ...thresholds, error_after: { count: null, period: null } }, 1e9)).toBe('warn')
    expect(judgeAge(null, 1e9)).toBe('pass')
  })
})
