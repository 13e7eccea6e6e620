import { diagnostic, fail, PlumbError } from '../../core/diagnostic.js'
import { positionAt, spanAt } from '../../core/source-span.js'
import { PyFloat, toJs, type Value } from '../../jinja/index.js'
import type { ModelNode, NodeVersion, RefArgs } from '../../manifest/index.js'
import type { Settings } from '../config/merge.js'
import { isDict } from '../shape/shape.js'
import type { Captured } from '../templates/captured.js'
import { findCalls, type PythonCall } from './find-calls.js'
import { PythonSyntaxError, type PythonToken, pythonTokens } from './tokens.js'

/**
 * Reads a Python model: what it references and configures through `dbt.ref`, `dbt.source`, `dbt.config` and
 * `dbt.config.get`, without running it.
 * @throws PlumbError in dbt's words when it is no model, or when an argument is not written out.
 */
export function readPythonModel(source: string, node: ModelNode): Captured {
  if (/\{[{%#]/.test(source)) failAt(node, source, source.search(/\{[{%#]/), 'No jinja in python model code is allowed')
  let tokens: PythonToken[]
  try {
    tokens = pythonTokens(source)
  } catch (error) {
    if (!(error instanceof PythonSyntaxError)) throw error
    const { line } = positionAt(source, error.offset)
    const text = source.split('\n')[line - 1] ?? ''
    return failAt(node, source, error.offset, `${error.message} (${node.original_file_path}, line ${line})\n${text}`)
  }
  const captured = { refs: [], sources: [], metrics: [], functions: [], configCalls: [], macros: [] } as {
    refs: RefArgs[]
    sources: [string, string][]
    metrics: string[][]
    functions: string[][]
    configCalls: Settings[]
    macros: string[]
  }
  if (!tokens.some((token) => token.kind !== 'newline')) return captured
  checkModelFunction(tokens, node, source)
  const used: Settings = { config_keys_used: [], config_keys_defaults: [], meta_keys_used: [], meta_keys_defaults: [] }
  for (const call of findCalls(tokens)) apply(call, captured, used, node, source)
  if ((used['config_keys_used'] as unknown[]).length + (used['meta_keys_used'] as unknown[]).length > 0) {
    captured.configCalls.push(used)
  }
  return captured
}

/** One function `model(dbt, session)` that returns one thing. */
function checkModelFunction(tokens: readonly PythonToken[], node: ModelNode, source: string): void {
  const found: number[] = []
  for (let i = 0; i + 1 < tokens.length; i++) {
    if (tokens[i]!.text === 'def' && tokens[i]!.kind === 'name' && tokens[i + 1]!.text === 'model') found.push(i)
  }
  if (found.length !== 1) {
    fail(
      'parsing',
      'python-model-invalid',
      `dbt allows exactly one model defined per python file, found ${found.length}`,
    )
  }
  const params = parametersAt(tokens, found[0]! + 2)
  const errors: string[] = []
  if (params.length > 0 && params[0] !== 'dbt') errors.push("'dbt' not provided for model as the first argument")
  if (params.length !== 2) {
    errors.push('model function should have two args, `dbt` and a session to current warehouse')
  }
  if (!returnsOneThing(tokens, found[0]!, source)) {
    errors.push('In current version, model function should return only one dataframe object')
  }
  if (errors.length > 0) failAt(node, source, tokens[found[0]!]!.start, errors.join('\n'))
}

function parametersAt(tokens: readonly PythonToken[], open: number): string[] {
  const names: string[] = []
  let depth = 0
  for (let i = open; i < tokens.length; i++) {
    const { text, kind } = tokens[i]!
    if ('([{'.includes(text)) depth++
    else if (')]}'.includes(text)) {
      depth--
      if (depth === 0) break
    } else if (depth === 1 && kind === 'name' && ['(', ','].includes(tokens[i - 1]!.text)) names.push(text)
  }
  return names
}

/** Is the last statement of the function's own level a `return` of something that is no tuple? */
function returnsOneThing(tokens: readonly PythonToken[], def: number, source: string): boolean {
  const column = (token: PythonToken): number => token.start - (source.lastIndexOf('\n', token.start - 1) + 1)
  const indent = column(tokens[def]!)
  let body: number | undefined
  let last: number | undefined
  for (let i = def + 1; i < tokens.length; i++) {
    const token = tokens[i]!
    if (token.kind === 'newline' || tokens[i - 1]?.kind !== 'newline') continue
    const at = column(token)
    if (at <= indent) break
    body ??= at
    if (at === body) last = i
  }
  if (last === undefined || tokens[last]!.text !== 'return') return false
  let depth = 0
  for (let i = last + 1; i < tokens.length && tokens[i]!.kind !== 'newline'; i++) {
    const { text } = tokens[i]!
    if ('([{'.includes(text)) depth++
    else if (')]}'.includes(text)) depth--
    else if (text === ',' && depth === 0) return false
  }
  return true
}

interface Growing {
  readonly refs: RefArgs[]
  readonly sources: [string, string][]
  readonly configCalls: Settings[]
}

function apply(call: PythonCall, into: Growing, used: Settings, node: ModelNode, source: string): void {
  const { name, args, kwargs } = call
  if (args === undefined || kwargs === undefined) {
    failAt(
      node,
      source,
      call.offset,
      'Error when trying to literal_eval an arg to dbt.ref(), dbt.source(), dbt.config() or dbt.config.get() \n' +
        'https://docs.python.org/3/library/ast.html#ast.literal_eval\n' +
        'In dbt python model, `dbt.ref`, `dbt.source`, `dbt.config`, `dbt.config.get` function args only support Python ' +
        'literal structures',
    )
  }
  switch (name) {
    case 'ref': {
      const version = (kwargs['version'] ?? kwargs['v'] ?? null) as Value
      const [packageName, model] = args.length === 2 ? args : [null, args[0]]
      if (typeof model !== 'string' || args.length > 2) {
        failAt(node, source, call.offset, `ref() takes at most two arguments (${args.length} given)`)
      }
      const plain = version instanceof PyFloat ? version.value : version
      into.refs.push({
        name: model,
        package: packageName as string | null,
        version: (plain || null) as NodeVersion | null,
      })
      return
    }
    case 'source':
      if (args.length !== 2) {
        failAt(node, source, call.offset, `source() takes exactly two arguments (${args.length} given)`)
      }
      into.sources.push([String(args[0]), String(args[1])])
      return
    case 'config': {
      const settings = toJs(args.length === 1 && Object.keys(kwargs).length === 0 ? args[0] : kwargs)
      if (!isDict(settings)) {
        failAt(node, source, call.offset, 'Invalid inline model config')
        return
      }
      const { pre_hook, post_hook, ...rest } = settings
      into.configCalls.push({
        ...rest,
        ...(pre_hook === undefined ? {} : { 'pre-hook': pre_hook }),
        ...(post_hook === undefined ? {} : { 'post-hook': post_hook }),
      })
      return
    }
    default: {
      const what = name === 'get' ? 'config' : 'meta'
      if (args.length === 0 || args.length > 2) {
        const given =
          args.length === 0 ? 'requires at least one argument' : `takes at most 2 arguments (${args.length} given)`
        failAt(node, source, call.offset, `dbt.config.${name}() ${given}`)
      }
      ;(used[`${what}_keys_used`] as unknown[]).push(toJs(args[0]))
      ;(used[`${what}_keys_defaults`] as unknown[]).push(toJs(args[1] ?? null))
    }
  }
}

function failAt(node: ModelNode, source: string, offset: number, message: string): never {
  const end = source.indexOf('\n', offset)
  throw new PlumbError(
    diagnostic('parsing', 'python-model-invalid', message, {
      at: spanAt(node.original_file_path, source, offset, end === -1 ? source.length : end),
      sourceText: source,
    }),
  )
}
