import { exactJson } from '../core/exact-json.js'
import type { GraphNode, JsonObject, UniqueId } from '../manifest/index.js'
import type { ArtifactMetadata } from './artifact-metadata.js'
import { readArtifact } from './read-file.js'
import { SCHEMAS } from './schema-version.js'
import { inChunks, writeFileAtomically } from './write-file.js'

/** One node's outcome as it is known after execution. */
export interface ExecutedNode {
  readonly node: GraphNode
  readonly status: string
  readonly timing: readonly unknown[]
  readonly thread_id: string
  readonly execution_time: number
  readonly adapter_response: object
  readonly message: string | null
  readonly failures: number | null
  readonly batch_results: unknown
}

/** `results[]` of run_results.json v6. */
export interface RunResultOutput {
  readonly status: string
  readonly timing: readonly unknown[]
  readonly thread_id: string
  readonly execution_time: number
  readonly adapter_response: object
  readonly message: string | null
  readonly failures: number | null
  readonly unique_id: UniqueId
  /** null for resources that have no SQL. */
  readonly compiled: boolean | null
  readonly compiled_code: string | null
  readonly relation_name: string | null
  readonly batch_results: unknown
}

/** run_results.json v6. */
export interface RunResultsArtifact {
  readonly metadata: ArtifactMetadata
  readonly results: readonly RunResultOutput[]
  readonly elapsed_time: number
  readonly args: Readonly<Record<string, unknown>>
}

/** How an executed node stands in run_results.json. */
export function runResultOutput(result: ExecutedNode): RunResultOutput {
  const { node } = result
  const hasSql = node.resource_type !== 'seed' && 'compiled_path' in node
  return {
    status: result.status,
    timing: result.timing,
    thread_id: result.thread_id,
    execution_time: result.execution_time,
    adapter_response: result.adapter_response,
    message: result.message,
    failures: result.failures,
    unique_id: node.unique_id,
    compiled: hasSql ? node.compiled === true : null,
    compiled_code: hasSql ? (node.compiled_code ?? null) : null,
    relation_name: hasSql ? node.relation_name : null,
    batch_results: result.batch_results,
  }
}

/**
 * Writes run_results.json (v6); values of secret vars are masked in `args`.
 * @throws PlumbError `artifact-not-written`.
 */
export async function writeRunResults(path: string, artifact: RunResultsArtifact): Promise<void> {
  await writeFileAtomically(path, inChunks(runResultsJson(artifact)))
}

function* runResultsJson({ metadata, results, elapsed_time, args }: RunResultsArtifact): Generator<string> {
  yield `{"metadata": ${JSON.stringify(metadata)}, "results": [`
  for (let i = 0; i < results.length; i++) yield `${i === 0 ? '' : ', '}${exactJson(results[i])}`
  yield `], "elapsed_time": ${JSON.stringify(elapsed_time)}, "args": ${exactJson(maskSecrets(args))}}`
}

/**
 * Reads a run_results.json (v4 to v6); undefined when there is none.
 * @throws PlumbError `artifact-not-readable`, `incompatible-schema`.
 */
export function readRunResults(path: string): RunResultsArtifact | undefined {
  const read = readArtifact('run-results', path)
  if (read === undefined) return undefined
  const { data, version } = read
  const results = Array.isArray(data['results']) ? (data['results'] as JsonObject[]) : []
  if (version < SCHEMAS['run-results'].version) {
    for (const result of results) Object.assign(result, { compiled: false, compiled_code: '', relation_name: '' })
  }
  for (const result of results) {
    result['message'] ??= null
    result['failures'] ??= null
    result['batch_results'] ??= null
  }
  return { elapsed_time: 0, args: {}, ...data, results } as unknown as RunResultsArtifact
}

const SECRET_PREFIX = 'DBT_ENV_SECRET'

/** Vars named `DBT_ENV_SECRET...` hold secrets: their values become `*****` in vars and in the command line. */
function maskSecrets(args: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const vars = args['vars']
  if (vars === null || typeof vars !== 'object') return args
  const secrets = Object.entries(vars)
    .filter(([name, value]) => name.startsWith(SECRET_PREFIX) && String(value).trim() !== '')
    .map(([, value]) => String(value))
  if (secrets.length === 0) return args
  const mask = (value: unknown): unknown => {
    const text = typeof value === 'string' ? value : exactJson(value)
    const masked = secrets.reduce((scrubbed, secret) => scrubbed.replaceAll(secret, '*****'), text ?? '')
    return masked === text ? value : masked
  }
  return {
    ...args,
    vars: Object.fromEntries(Object.entries(vars).map(([name, value]) => [name, mask(value)])),
    ...('invocation_command' in args ? { invocation_command: mask(args['invocation_command']) } : {}),
  }
}
