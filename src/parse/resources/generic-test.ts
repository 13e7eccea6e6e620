import { type Diagnostic, diagnostic, PlumbError } from '../../core/diagnostic.js'
import { didYouMean } from '../../core/did-you-mean.js'
import type { SourceSpan } from '../../core/source-span.js'
import type { GenericTestNode, GraphNode, JsonObject, MacroNode, ManifestNode } from '../../manifest/index.js'
import type { YamlPath } from '../../project/index.js'
import { applyNodeConfig } from '../apply-config.js'
import type { Settings } from '../config/merge.js'
import { readTest, type TestDefinition, type TestNotice, type TestTarget } from '../generic-tests/test-definition.js'
import { testHash } from '../generic-tests/test-names.js'
import type { TestReferences } from '../generic-tests/test-references.js'
import { compiledFields, EMPTY_HASH, type Writable } from '../node-fields.js'
import type { PropertiesFile } from '../properties/properties-file.js'
import { attempt, blame, type ParseState } from '../state.js'
import { addNode } from './add-node.js'

/** Where a test was found and what it stands on. */
export interface TestPlace {
  readonly properties: PropertiesFile
  /** Of the test in its file. */
  readonly path: YamlPath
  readonly target: TestTarget
  /** `models`, `sources` ... */
  readonly yamlKey: string
  /** What `file_key_name` says after the key: the node, or the source without its table. */
  readonly keyName: string
  readonly columnName: string | null
  readonly tags: readonly string[]
  /** [source, table] for tests on sources. */
  readonly source?: readonly [string, string]
}

/** Adds the node of one test entry; what is wrong with it is collected. */
export async function parseGenericTest(
  state: ParseState,
  references: TestReferences,
  entry: unknown,
  place: TestPlace,
): Promise<void> {
  await attempt(state, async () => {
    const definition = await readDefinition(state, entry, place)
    const node = startNode(state, definition, place)
    try {
      await finishTest(state, references, node, definition, place)
    } catch (error) {
      throw blame(located(error, place), node)
    }
    attach(state, node, place.target)
    addNode(state, node as ManifestNode, () => placeOf(place))
  })
}

async function readDefinition(state: ParseState, entry: unknown, place: TestPlace): Promise<TestDefinition> {
  const { target } = place
  try {
    return await readTest(entry, {
      target,
      columnName: place.columnName,
      argumentsProperty: state.flags.behavior['require_generic_test_arguments_property'] === true,
      scope: state.yamlScope(target.packageName),
      file: target.originalPath,
      notice: (notice) => tell(state, notice, place),
    })
  } catch (error) {
    if (!(error instanceof PlumbError)) throw error
    const path = target.originalPath
    const shown = describeTarget(target)
    const wrapped = error.diagnostics.map((d): Diagnostic => {
      const message =
        d.kind === 'parsing'
          ? `Invalid test config given in ${path}:\n\t${d.message}\n\t@: ${shown}`
          : `Invalid generic test configuration given in ${path}: \n${d.message}\n\t@: ${shown}`
      return { ...d, message, at: placeOf(place) }
    })
    throw new PlumbError(wrapped, error)
  }
}

/** The beginning and end of what Python prints for a target: part of dbt's messages. */
function describeTarget(target: TestTarget): string {
  const head =
    target.kind === 'model'
      ? `UnparsedModelUpdate(original_file_path='${target.originalPath}'`
      : target.kind === 'node'
        ? `UnparsedNodeUpdate(original_file_path='${target.originalPath}'`
        : `UnpatchedSourceDefinition(name='${target.name}', resource_type=`
  return `${head.slice(0, 44)}...ne)`
}

function placeOf({ properties, path }: TestPlace): SourceSpan {
  const old = path.map((step) => (step === 'data_tests' ? 'tests' : step))
  return properties.positions.at(path) ?? properties.positions.at(old) ?? properties.at(path)
}

/** What is wrong with a rendered test is shown at its entry: the code that was rendered is nowhere on disk. */
function located(error: unknown, place: TestPlace): unknown {
  if (!(error instanceof PlumbError)) return error
  return new PlumbError(
    error.diagnostics.map((d): Diagnostic => {
      if (d.at !== undefined && d.at.file !== place.properties.path) return d
      const { sourceText: _generated, ...rest } = d
      return { ...rest, at: placeOf(place) }
    }),
    error,
  )
}

function tell(state: ParseState, notice: TestNotice, place: TestPlace): void {
  const { target } = place
  const file = target.originalPath
  const at = state.warnings.wantsPlaces ? placeOf(place) : undefined
  if (notice.kind === 'moved-to-config') {
    const keyPath = `data_tests.${notice.testName}.${notice.key}`
    state.warnings.deprecate(
      'PropertyMovedToConfigDeprecation',
      `Found \`${notice.key}\` as a top-level property of \`${keyPath}\` in file \`${file}\`. The \`${notice.key}\` ` +
        `top-level property should be moved into the \`config\` of \`${keyPath}\`.`,
      { at, data: { key: notice.key, file, key_path: keyPath } },
    )
  } else if (notice.kind === 'missing-arguments') {
    const testName = `\`${notice.testName}\` defined on '${target.name}' in package '${target.packageName}' (${file})`
    state.warnings.deprecate(
      'MissingArgumentsPropertyInGenericTestDeprecation',
      `Found top-level arguments to test ${testName}. Arguments to generic tests should be nested under the ` +
        '`arguments` property.',
      { at, data: { test_name: testName } },
    )
  } else {
    const testName = `\`${notice.testName}\` (${notice.given})`
    state.warnings.deprecate(
      'ArgumentsPropertyInGenericTestDeprecation',
      `Found \`arguments\` property in test definition of ${testName} without usage of ` +
        '`require_generic_test_arguments_property` behavior change flag. The `arguments` property is deprecated for ' +
        'custom usage and will be used to nest keyword arguments in future versions of dbt.',
      { at, data: { test_name: testName } },
    )
  }
}

function startNode(state: ParseState, definition: TestDefinition, place: TestPlace): GenericTestNode {
  const { target } = place
  const { fullName, kwargs, namespace, name } = definition
  // Folders below the first one of the file's path.
  const folders = target.originalPath.split('/').slice(1, -1)
  const configTags = tagsOf(definition.config)
  const fields = compiledFields(state, {
    type: 'test',
    packageName: target.packageName,
    name: fullName,
    id: `test.${target.packageName}.${fullName}.${testHash(fullName, { namespace, name, kwargs })}`,
    path: `${definition.compiledName}.sql`,
    originalPath: target.originalPath,
    fqn: [target.packageName, ...folders, fullName],
    checksum: EMPTY_HASH,
    rawCode: definition.rawCode,
    tags: [...new Set([...place.tags, ...configTags])].sort(),
    description: definition.description,
  })
  const node = fields as Writable<GenericTestNode>
  node.column_name = place.columnName
  node.file_key_name = `${place.yamlKey}.${place.keyName}`
  node.attached_node = null
  node.test_metadata = { name, kwargs: kwargs as JsonObject, namespace }
  return node
}

function tagsOf(config: Settings): string[] {
  const tags = typeof config['tags'] === 'string' ? [config['tags']] : (config['tags'] ?? [])
  if (Array.isArray(tags) && tags.every((tag) => typeof tag === 'string')) return tags
  throw new PlumbError(
    diagnostic('compilation', 'tags-invalid', `got ${String(tags)} for tags, expected a list of strings`),
  )
}

const READ_WITHOUT_RENDERING = new Set(['macro.dbt.test_not_null', 'macro.dbt.test_unique'])

async function finishTest(
  state: ParseState,
  references: TestReferences,
  node: GenericTestNode,
  definition: TestDefinition,
  place: TestPlace,
): Promise<void> {
  const { target } = place
  const { config } = definition
  const macro = findTestMacro(state, node, definition)
  if (macro === undefined) noteUnknownTest(state, definition, node)
  const resolved = state.macros.resolveStatic(node.package_name, `test_${definition.name}`) ?? macro
  // null, as in dbt's manifest, stands for the macro that is not there: `state:modified` refuses to compare it.
  node.depends_on.macros = resolved === undefined ? [null, 'macro.dbt.get_where_subquery'] : [resolved.unique_id]
  if (macro === undefined || resolved === undefined || READ_WITHOUT_RENDERING.has(resolved.unique_id)) {
    await applyNodeConfig(state, node, { call: config })
    if (place.source !== undefined) node.sources = [[place.source[0], place.source[1]]]
    else node.refs = [{ name: target.name, package: null, version: target.version }]
    return
  }
  const found = await references.find(node, definition.kwargs, macro, config)
  node.depends_on.macros = [...new Set([resolved.unique_id, ...found.macros])]
  if (found.refs.length > 0) node.refs = [...found.refs]
  if (found.sources.length > 0) node.sources = found.sources.map(([s, t]): [string, string] => [s, t])
  await applyNodeConfig(state, node, { call: config })
}

function findTestMacro(
  state: ParseState,
  node: GenericTestNode,
  { name, namespace }: TestDefinition,
): MacroNode | undefined {
  const wanted = `test_${name}`
  const visible = state.macros.namespaceOf(node.package_name).find(namespace ?? wanted)
  return namespace === null
    ? visible?.kind === 'macro'
      ? visible.macro
      : state.macros.resolveStatic(node.package_name, wanted)
    : visible?.kind === 'package'
      ? visible.macros.get(wanted)
      : undefined
}

/** dbt finds out that a generic test is not there when the test is run: everything else of the project still works. */
function noteUnknownTest(state: ParseState, { name, namespace }: TestDefinition, node: GenericTestNode): void {
  const known = [...state.macros.all()].filter((m) => m.name.startsWith('test_')).map((m) => m.name.slice(5))
  const hint = didYouMean(name, known)
  const shown = namespace === null ? name : `${namespace}.${name}`
  const msg =
    `There is no generic test '${shown}' for ${node.original_file_path}: the test will fail` +
    (hint === undefined ? '; a package may be missing (plumb deps)' : `; ${hint}`)
  state.invocation.emit({ name: 'Note', code: 'Z050', level: 'info', msg, data: { msg } })
}

/** A test belongs to the node it stands on and is of its group. */
function attach(state: ParseState, node: GenericTestNode, target: TestTarget): void {
  if (target.kind === 'source') return
  const attached: GraphNode | undefined =
    state.names.refable(target.name, target.packageName, target.version) ??
    state.names.disabled(target.name, null)[0] ??
    state.names.disabled(target.name.toUpperCase(), null)[0]
  if (attached === undefined) return
  node.attached_node = attached.unique_id
  node.group = 'group' in attached ? (attached.group as string | null) : null
}
