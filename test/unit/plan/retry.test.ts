import { describe, expect, it } from 'vitest'
import type { RunResultsArtifact } from '../../../src/artifacts/index.js'
import { buildDag } from '../../../src/graph/index.js'
import { retryArgs, selectForRetry } from '../../../src/plan/index.js'
import { sketchManifest } from '../graph/manifest-builder.js'

const names = ['error', 'fail', 'skipped', 'runtime', 'partial', 'warn', 'pass', 'success', 'noop']
const statuses = ['error', 'fail', 'skipped', 'runtime error', 'partial success', 'warn', 'pass', 'success', 'no-op']
const dag = buildDag(sketchManifest([...names.map((name) => ({ name })), { name: 'hook', type: 'operation' }]))

const both = { successful: [['a', 'b']], failed: [['b', 'c']] }

function previous(rest: { which?: string; extra?: object[] } = {}): RunResultsArtifact {
  const results = [
    ...names.map((name, i) => ({
      unique_id: `model.p.${name}`,
      status: statuses[i],
      batch_results: name === 'partial' ? both : null,
    })),
    { unique_id: 'operation.p.hook', status: 'error', batch_results: null },
    ...(rest.extra ?? []),
  ]
  return {
    metadata: { generated_at: '2026-01-01T00:00:01Z', invocation_started_at: '2026-01-01T00:00:00Z' },
    results,
    elapsed_time: 1,
    args: { which: rest.which ?? 'build' },
  } as unknown as RunResultsArtifact
}

describe('a retry', () => {
  it('takes what did not succeed, without hooks', () => {
    const retry = selectForRetry(previous(), dag, false)
    expect([...retry.selected]).toEqual(
      ['error', 'fail', 'skipped', 'runtime', 'partial'].map((name) => `model.p.${name}`),
    )
    expect(retry.command).toBe('build')
    expect(retry.reasons.get('model.p.skipped')).toBe('skipped in the previous run')
    expect(retry.startedAt).toBe('2026-01-01T00:00:00Z')
  })

  it('takes warnings when they are errors', () => {
    expect([...selectForRetry(previous(), dag, true).selected]).toContain('model.p.warn')
  })

  it('keeps the batches of models that were done in part', () => {
    expect([...selectForRetry(previous(), dag, false).batches]).toEqual([['model.p.partial', both]])
  })

  it('refuses what is gone, and commands that cannot be repeated', () => {
    const gone = previous({ extra: [{ unique_id: 'model.p.gone', status: 'error', batch_results: null }] })
    expect(() => selectForRetry(gone, dag, false)).toThrow(
      "Couldn't find model 'model.p.gone' -- does it exist or is it disabled?",
    )
    expect(() => selectForRetry(previous({ which: 'list' }), dag, false)).toThrow(
      "Cannot retry the previous command: 'list'",
    )
  })

  it('repeats an operation', () => {
    expect([...selectForRetry(previous({ which: 'run-operation' }), dag, false).selected]).toContain('operation.p.hook')
  })
})

describe('arguments of a retry', () => {
  it('are the old ones, but for the place and what is given anew', () => {
    const old = {
      which: 'build',
      select: ['a'],
      vars: { x: 1 },
      threads: 4,
      target_path: 'old',
      show: true,
      resource_types: [],
      full_refresh: true,
    }
    const current = {
      which: 'retry',
      target_path: 'new',
      vars: { x: 2 },
      threads: 8,
      full_refresh: false,
      warn_error: true,
    }
    expect(retryArgs(old, current, new Set(['threads']))).toEqual({
      which: 'build',
      select: ['a'],
      vars: { x: 1 },
      threads: 8,
      target_path: 'new',
      full_refresh: true,
      warn_error: true,
    })
  })
})
