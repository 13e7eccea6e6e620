import { statSync } from 'node:fs'
import { join } from 'node:path'
import {
  type FreshnessFailure,
  type FreshnessOutput,
  type RunResultOutput,
  type RunResultsArtifact,
  readRunResults,
  readSources,
} from '../artifacts/index.js'
import { diagnostic, PlumbError } from '../core/diagnostic.js'
import type { GraphNode, Manifest, UniqueId } from '../manifest/index.js'
import { freshnessNow } from './freshness-now.js'
import type { Proof, ProofNode } from './types.js'

export interface ProofPlace {
  readonly manifest: Manifest
  /** Where run_results.json and sources.json lie. */
  readonly targetDir: string
}

/** What the last commands left behind: which build made the tables, what its tests said, how fresh sources were. */
interface Evidence {
  readonly run: RunResultsArtifact | undefined
  readonly results: ReadonlyMap<UniqueId, RunResultOutput>
  readonly freshness: ReadonlyMap<UniqueId, FreshnessOutput | FreshnessFailure>
  /** Tests by the node they are about. */
  readonly tests: ReadonlyMap<UniqueId, readonly UniqueId[]>
}

const READ_KINDS: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot', 'source'])

/**
 * Makes proofs for answers of one project. Artifacts are read once, and again when they change.
 * The files say what the last command did: what it did not touch is `unknown`.
 */
export function createProver({ manifest, targetDir }: ProofPlace): (reads: Iterable<UniqueId>, now?: Date) => Proof {
  const paths = [join(targetDir, 'run_results.json'), join(targetDir, 'sources.json')] as const
  let stamp = ''
  let evidence: Evidence | undefined
  return (reads, now = new Date()) => {
    const current = paths.map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0).join()
    if (evidence === undefined || current !== stamp) evidence = gather(manifest, ...paths)
    stamp = current
    return prove(reads, manifest, evidence, now)
  }
}

function gather(manifest: Manifest, runPath: string, sourcesPath: string): Evidence {
  const run = readRunResults(runPath)
  const tests = new Map<UniqueId, UniqueId[]>()
  for (const node of [...Object.values(manifest.nodes), ...Object.values(manifest.unit_tests)]) {
    if (node.resource_type !== 'test' && node.resource_type !== 'unit_test') continue
    for (const id of node.depends_on.nodes) tests.set(id, [...(tests.get(id) ?? []), node.unique_id])
  }
  return {
    run,
    results: new Map(run?.results.map((result) => [result.unique_id, result])),
    freshness: new Map(readSources(sourcesPath)?.results.map((result) => [result.unique_id, result])),
    tests,
  }
}

function prove(reads: Iterable<UniqueId>, manifest: Manifest, evidence: Evidence, now: Date): Proof {
  const nodes = upTo(reads, manifest).map((node) => proofNode(node, evidence, now))
  const failedTests = new Set<UniqueId>()
  for (const { uniqueId } of nodes) {
    for (const test of evidence.tests.get(uniqueId) ?? [])
      if (testState(test, evidence) === 'fail') failedTests.add(test)
  }
  return {
    buildId: evidence.run?.metadata.invocation_id ?? null,
    builtAt: evidence.run?.metadata.generated_at ?? null,
    fresh: isFresh(nodes),
    tested: isTested(nodes),
    failedTests: [...failedTests],
    nodes,
  }
}

/** What was read and everything it is made of, up to the sources; what is read first comes first. */
function upTo(reads: Iterable<UniqueId>, manifest: Manifest): GraphNode[] {
  const found = new Map<UniqueId, GraphNode>()
  const open = [...reads]
  for (let id = open.shift(); id !== undefined; id = open.shift()) {
    const node = manifest.nodes[id] ?? manifest.sources[id]
    if (node === undefined || found.has(id) || !READ_KINDS.has(node.resource_type)) continue
    found.set(id, node)
    if ('depends_on' in node && 'nodes' in node.depends_on) open.push(...node.depends_on.nodes)
  }
  return [...found.values()]
}

function proofNode(node: GraphNode, evidence: Evidence, now: Date): ProofNode {
  const { unique_id: uniqueId, original_file_path: path } = node
  const result = evidence.results.get(uniqueId)
  const isSource = node.resource_type === 'source'
  const loaded = evidence.freshness.get(uniqueId)
  const tests = { pass: 0, warn: 0, fail: 0, unknown: 0 }
  for (const test of evidence.tests.get(uniqueId) ?? []) tests[testState(test, evidence)]++
  return {
    uniqueId,
    kind: node.resource_type as ProofNode['kind'],
    relation: ('relation_name' in node ? node.relation_name : null) ?? node.name,
    path,
    lastBuilt: isSource ? (loaded?.max_loaded_at ?? null) : builtAt(result),
    status: buildState(result?.status),
    freshness: isSource ? freshnessNow(node, loaded, now) : null,
    tests,
  }
}

function builtAt(result: RunResultOutput | undefined): string | null {
  if (result?.status !== 'success') return null
  const phases = result.timing as readonly { readonly name?: string; readonly completed_at?: string | null }[]
  return phases.find(({ name }) => name === 'execute')?.completed_at ?? null
}

function buildState(status: string | undefined): ProofNode['status'] {
  switch (status) {
    case 'success':
    case 'skipped':
      return status
    case 'error':
    case 'partial success':
      return 'error'
    default:
      return 'unknown'
  }
}

function testState(test: UniqueId, { results }: Evidence): keyof ProofNode['tests'] {
  switch (results.get(test)?.status) {
    case 'pass':
    case 'success':
      return 'pass'
    case 'warn':
      return 'warn'
    case 'fail':
    case 'error':
    case 'runtime error':
      return 'fail'
    default:
      return 'unknown'
  }
}

/** Fresh: the last build of nothing read failed, and the sources with freshness rules keep them. */
function isFresh(nodes: readonly ProofNode[]): boolean | null {
  if (nodes.some(({ status, freshness }) => status === 'error' || status === 'skipped' || freshness === 'error')) {
    return false
  }
  const ruled = nodes.filter(({ freshness }) => freshness !== null)
  return ruled.length === 0 || ruled.some(({ freshness }) => freshness === 'unknown') ? null : true
}

/** Tested: everything read has been tested in the last build, wherever it has tests, and none failed. */
function isTested(nodes: readonly ProofNode[]): boolean | null {
  const sum = (state: keyof ProofNode['tests']) => nodes.reduce((count, { tests }) => count + tests[state], 0)
  if (sum('fail') > 0) return false
  return sum('unknown') > 0 || sum('pass') + sum('warn') === 0 ? null : true
}

/**
 * Refuses to answer on ground that is not as it is required to be.
 * @throws PlumbError `ground-not-fresh`, `ground-not-tested`
 */
export function requireGround(proof: Proof, required: readonly ('fresh' | 'tested')[]): void {
  const faults = required.flatMap((what) => {
    if (proof[what] === true) return []
    const reasons = what === 'fresh' ? whyNotFresh(proof) : whyNotTested(proof)
    return diagnostic('semantic', `ground-not-${what}`, `What the answer reads is not ${what}: ${reasons.message}`, {
      hint: reasons.hint,
    })
  })
  if (faults.length > 0) throw new PlumbError(faults)
}

interface Reasons {
  readonly message: string
  readonly hint: string
}

function whyNotFresh({ nodes }: Proof): Reasons {
  const broken = nodes.filter(({ status }) => status === 'error' || status === 'skipped')
  if (broken.length > 0) {
    const list = broken.map(({ uniqueId, status }) => `${uniqueId} (${status})`).join(', ')
    return { message: `the last build did not make ${list}`, hint: 'repair the build, then: plumb retry' }
  }
  const late = nodes.filter(({ freshness }) => freshness === 'error')
  if (late.length > 0) {
    const list = late.map(({ uniqueId, lastBuilt }) => `${uniqueId} (last loaded ${lastBuilt ?? 'never'})`).join(', ')
    return { message: `too old: ${list}`, hint: 'load the sources, then: plumb source freshness' }
  }
  const unknown = nodes.filter(({ freshness }) => freshness === 'unknown').map(({ uniqueId }) => uniqueId)
  return unknown.length > 0
    ? { message: `nobody looked at ${unknown.join(', ')}`, hint: 'plumb source freshness looks' }
    : { message: 'no source it is made of has a freshness rule', hint: 'give the sources freshness: in their YAML' }
}

function whyNotTested({ nodes, failedTests }: Proof): Reasons {
  if (failedTests.length > 0) {
    return { message: `failed: ${failedTests.join(', ')}`, hint: 'plumb test --select says which rows are wrong' }
  }
  const untested = nodes.filter(({ tests }) => tests.unknown > 0).map(({ uniqueId }) => uniqueId)
  return untested.length > 0
    ? { message: `the last command did not run all tests of ${untested.join(', ')}`, hint: 'plumb build runs them' }
    : { message: 'nothing it is made of has tests', hint: 'give its models data_tests: in their YAML' }
}
