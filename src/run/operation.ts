import { ConnectionHolder, callMacro, createMacroScope, noteUndefined, type TemplateSession } from '../context/index.js'
import { fail, internalError, PlumbError } from '../core/diagnostic.js'
import { didYouMean } from '../core/did-you-mean.js'
import { fromJs, type Value } from '../jinja/index.js'
import type { HookNode, JsonObject, MacroNode } from '../manifest/index.js'
import { errorText } from './explain-error.js'
import { resultOf, timed } from './outcome.js'
import type { RunResult, TimingInfo } from './run-result.js'

export interface Operation {
  /** `macro` or `package.macro` */
  readonly macro: string
  /** `--args` */
  readonly args: JsonObject
}

/**
 * Runs a macro by itself (`run-operation`). An error of the macro is told by an event and the result's status.
 * @returns what the macro returned, and the result for run_results.json.
 * @throws PlumbError when there is no such macro.
 */
export async function runOperation(
  session: TemplateSession,
  operation: Operation,
): Promise<{ readonly result: RunResult; readonly value: Value }> {
  const { adapter, invocation } = session
  if (adapter === null) throw internalError('An operation was to be run without a warehouse')
  const macro = findOperation(session, operation.macro)
  const connection = new ConnectionHolder(adapter, `macro_${macro.name}`, null, invocation.emit)
  const timing: TimingInfo[] = []
  const started = performance.now()
  let value: Value = null
  let failure: PlumbError | null = null
  await timed('compile', invocation.now, timing, async () => {})
  try {
    await timed('execute', invocation.now, timing, async () => {
      const kwargs = Object.fromEntries(Object.entries(operation.args).map(([name, arg]) => [name, fromJs(arg)]))
      value = await callMacro(createMacroScope(session, macro, { connection }), macro, kwargs)
    })
  } catch (error) {
    if (!(error instanceof PlumbError)) throw error
    failure = noteUndefined(error)
  } finally {
    await connection.release()
  }
  if (failure !== null) {
    const exc = errorText(failure, session)
    invocation.emit({
      name: 'RunningOperationCaughtError',
      code: 'Q001',
      level: 'error',
      msg: `Encountered an error while running operation: ${exc}`,
      data: { exc },
    })
  }
  const seconds = (performance.now() - started) / 1000
  const result = resultOf(
    operationNode(macro),
    {
      status: failure === null ? 'success' : 'error',
      message: null,
      failures: failure === null ? 0 : 1,
      diagnostics: failure?.diagnostics ?? [],
    },
    { timing, thread: 'MainThread', seconds },
  )
  return { result, value }
}

function findOperation(session: TemplateSession, name: string): MacroNode {
  const dot = name.indexOf('.')
  const packageName = dot === -1 ? null : name.slice(0, dot)
  const macroName = name.slice(dot + 1)
  const macro = session.macros.find(macroName, packageName)
  if (macro !== undefined) return macro
  const names = [...session.macros.all()].map((each) => each.name)
  fail('compilation', 'macro-not-found', `dbt could not find a macro with the name '${macroName}' in any package`, {
    hint: didYouMean(macroName, names),
  })
}

/** The node that stands for an operation in run_results.json. */
function operationNode(macro: MacroNode): HookNode {
  return {
    name: macro.name,
    resource_type: 'operation',
    package_name: macro.package_name,
    path: '',
    original_file_path: '',
    unique_id: macro.unique_id,
    fqn: macro.unique_id.split('.'),
    database: null,
    schema: '',
    alias: macro.name,
    checksum: { name: 'sha256', checksum: '' },
    config: { enabled: true, tags: [], meta: {}, materialized: 'view' },
    tags: [],
    description: '',
    columns: {},
    meta: {},
    group: null,
    docs: { show: true, node_color: null },
    patch_path: null,
    build_path: null,
    unrendered_config: {},
    created_at: 0,
    relation_name: null,
    raw_code: '',
    doc_blocks: [],
    language: 'sql',
    refs: [],
    sources: [],
    metrics: [],
    functions: [],
    depends_on: { macros: [], nodes: [] },
    compiled_path: null,
    compiled: false,
    compiled_code: null,
    contract: { enforced: false, alias_types: true, checksum: null },
    index: null,
  }
}
