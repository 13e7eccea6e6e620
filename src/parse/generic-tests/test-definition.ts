import { diagnostic, fail, PlumbError } from '../../core/diagnostic.js'
import { type Scope, toRepr, toStr, type Value } from '../../jinja/index.js'
import type { NodeVersion } from '../../manifest/index.js'
import { isTemplate, plainText, renderText } from '../../project/index.js'
import { pythonType } from '../shape/python-type.js'
import { isDict } from '../shape/shape.js'
import { synthesizeTestNames, type TestArguments } from './test-names.js'

/** What a test stands on. */
export interface TestTarget {
  readonly kind: 'model' | 'node' | 'source'
  /** Of the node; for a source `<source>_<table>`. */
  readonly name: string
  readonly packageName: string
  readonly originalPath: string
  readonly version: NodeVersion | null
  /** `ref('orders')`, `source('raw', 'orders')` */
  readonly reference: string
}

/** One `data_tests:` entry, read. */
export interface TestDefinition {
  /** `unique`, without namespace. */
  readonly name: string
  readonly namespace: string | null
  /** Everything the test macro is called with, `model` included; rendered when the test is compiled. */
  readonly kwargs: TestArguments
  readonly config: TestArguments
  readonly description: string
  /** Of the compiled file. */
  readonly compiledName: string
  readonly fullName: string
  readonly rawCode: string
}

/** Deprecations a definition earned; the caller knows where it stands. */
export type TestNotice =
  | { readonly kind: 'moved-to-config'; readonly key: string; readonly testName: string }
  | { readonly kind: 'missing-arguments'; readonly testName: string }
  | { readonly kind: 'arguments-without-flag'; readonly testName: string; readonly given: string }

export interface ReadTestOptions {
  readonly target: TestTarget
  readonly columnName: string | null
  /** The behaviour flag `require_generic_test_arguments_property`. */
  readonly argumentsProperty: boolean
  /** For templates in configuration values. */
  readonly scope: Scope
  readonly file: string
  readonly notice: (notice: TestNotice) => void
}

const CONFIG_ARGS: readonly string[] = [
  'severity',
  'tags',
  'enabled',
  'where',
  'limit',
  'warn_if',
  'error_if',
  'fail_calc',
  'store_failures',
  'store_failures_as',
  'meta',
  'database',
  'schema',
  'alias',
]
const NOT_ARGUMENTS = new Set(['config', 'column_name', 'description', 'name', ...CONFIG_ARGS])
const NAME = /^(?:([a-zA-Z_][0-9a-zA-Z_]*)\.)?([a-zA-Z_][0-9a-zA-Z_]*)/

/**
 * Reads a test entry in any of dbt's spellings: `unique`, `{accepted_values: {arguments: {...}, config: {...}}}`,
 * `{name: ..., test_name: ...}`.
 * @throws PlumbError with dbt's words when it is none.
 */
export async function readTest(entry: unknown, options: ReadTestOptions): Promise<TestDefinition> {
  const { target, columnName } = options
  const [testName, args] = extractArguments(entry, options)
  if ('model' in args) {
    fail('compilation', 'test-argument-reserved', 'Test arguments include "model", which is a reserved argument')
  }
  args['model'] = `{{ get_where_subquery(${target.reference}) }}`
  const match = NAME.exec(testName)
  if (match === null) {
    fail('compilation', 'test-name-invalid', `Test name string did not match expected pattern: ${testName}`)
  }
  const namespace = match[1] ?? null
  const name = match[2]!
  const config = await readConfig(args, name, columnName, options)

  const description = args['description'] === undefined ? '' : toStr(args['description'] as Value)
  delete args['description']
  let compiledName: string
  let fullName: string
  if ('name' in args) {
    compiledName = fullName = toStr(args['name'] as Value)
    delete args['name']
  } else {
    const kind = target.kind === 'source' ? `source_${name}` : name
    const targetName = target.version ? `${target.name}_v${toStr(target.version)}` : target.name
    const names = synthesizeTestNames(namespace === null ? kind : `${namespace}_${kind}`, targetName, args)
    compiledName = names.short
    fullName = names.full
    if (names.short !== names.full && !('alias' in config)) config['alias'] = names.short
  }
  const macro = namespace === null ? `test_${name}` : `${namespace}.test_${name}`
  const rawCode = `{{ ${macro}(**_dbt_generic_test_kwargs) }}${configCall(config)}`
  return { name, namespace, kwargs: args, config, description, compiledName, fullName, rawCode }
}

function extractArguments(given: unknown, options: ReadTestOptions): [name: string, args: TestArguments] {
  const entry = typeof given === 'string' ? { [given]: {} } : given
  if (!isDict(entry)) {
    fail('parsing', 'test-invalid', `test must be dict or str, got ${pythonType(entry)} (value ${show(entry)})`)
  }
  let testName: unknown
  let testArgs: unknown
  if ('test_name' in entry) {
    const { test_name, ...rest } = entry
    testName = test_name
    testArgs = rest
  } else {
    const pairs = Object.entries(entry)
    if (pairs.length !== 1) {
      const shown = `[${pairs.map(([key, value]) => `(${toRepr(key)}, ${show(value)})`).join(', ')}]`
      fail(
        'parsing',
        'test-invalid',
        `test definition dictionary must have exactly one key, got ${shown} instead (${pairs.length} keys)`,
        { hint: 'indent the arguments of the test under its name' },
      )
    }
    ;[testName, testArgs] = pairs[0]!
  }
  if (!isDict(testArgs)) {
    fail(
      'parsing',
      'test-invalid',
      `test arguments must be a dict, got ${pythonType(testArgs)} (value ${show(testArgs)})`,
      testArgs === null ? { hint: `leave out the colon: '- ${show(testName)}'` } : {},
    )
  }
  if (typeof testName !== 'string') {
    fail('parsing', 'test-invalid', `test name must be a str, got ${pythonType(testName)} (value ${show(testName)})`)
  }
  return [testName, joinArguments(testName, { ...testArgs }, options)]
}

/** Lifts what stands under `arguments:` up, and notes spellings that are on their way out. */
function joinArguments(testName: string, args: TestArguments, options: ReadTestOptions): TestArguments {
  if (options.columnName !== null) args['column_name'] = options.columnName
  if (!options.argumentsProperty) {
    if ('arguments' in args) {
      options.notice({ kind: 'arguments-without-flag', testName, given: show(args['arguments']) })
    }
    return args
  }
  const nested = args['arguments'] ?? {}
  delete args['arguments']
  for (const key in args) if (CONFIG_ARGS.includes(key)) options.notice({ kind: 'moved-to-config', key, testName })
  const hasNested = isDict(nested) ? Object.keys(nested).length > 0 : Boolean(nested)
  if (!hasNested && Object.keys(args).some((key) => !NOT_ARGUMENTS.has(key))) {
    options.notice({ kind: 'missing-arguments', testName })
  }
  return isDict(nested) ? { ...args, ...nested } : args
}

/** Takes the settings out of the arguments: those at the top in dbt's order, then the rest of `config:`. */
async function readConfig(
  args: TestArguments,
  name: string,
  columnName: string | null,
  options: ReadTestOptions,
): Promise<TestArguments> {
  const config: TestArguments = {}
  const nested: TestArguments | undefined = isDict(args['config']) ? { ...args['config'] } : undefined
  for (const key of CONFIG_ARGS) {
    let value = args[key]
    delete args[key]
    if (value && nested !== undefined && key in nested) {
      fail('compilation', 'test-key-twice', 'Test cannot have the same key at the top-level and in config', {
        hint: `'${key}' stands both beside and inside 'config' of ${name}`,
      })
    }
    if (!value && nested !== undefined) {
      value = nested[key]
      delete nested[key]
    }
    if (value !== undefined) config[key] = value
  }
  delete args['config']
  Object.assign(config, nested)
  for (const key of Object.keys(config)) {
    let value = config[key]
    if (typeof value === 'string') {
      value = isTemplate(value) ? await renderConfigValue(value, key, name, columnName, options) : plainText(value)
    }
    if (value === null || value === undefined) delete config[key]
    else config[key] = value
  }
  return config
}

async function renderConfigValue(
  raw: string,
  key: string,
  name: string,
  columnName: string | null,
  options: ReadTestOptions,
): Promise<unknown> {
  try {
    return await renderText(raw, options.scope, options.file)
  } catch (error) {
    if (!(error instanceof PlumbError) || !/ is undefined/.test(error.first.message)) throw error
    const message =
      `The ${options.target.name}.${columnName ?? 'None'} column's "${name}" test references an undefined ` +
      `macro in its ${key} configuration argument. The macro ${error.first.message}.\n` +
      'Please note that the generic test configuration parser currently does not support using custom macros to ' +
      'populate configuration values'
    throw new PlumbError(diagnostic('compilation', 'test-config-macro', message), error)
  }
}

/** `{{ config(severity="warn",tags=['a']) }}`: what follows the macro call in a test's code. */
function configCall(config: TestArguments): string {
  const settings = Object.entries(config).map(([key, value]) => {
    const shown = typeof value === 'string' ? `"${value.replaceAll('"', '\\"')}"` : toStr(value as Value)
    return `${key}=${shown}`
  })
  return settings.length === 0 ? '' : `{{ config(${settings.join(',')}) }}`
}

function show(value: unknown): string {
  return toStr(value as Value)
}
