import { fail } from '../../core/diagnostic.js'
import { didYouMean } from '../../core/did-you-mean.js'
import type { ModelNode, NodeVersion, UnitTestDefinition } from '../../manifest/index.js'
import { attempt, blame, type ParseState } from '../state.js'

/** Joins unit tests to the models they test; one test for each version of a versioned model. */
export async function resolveUnitTests(state: ParseState): Promise<void> {
  for (const test of Object.values(state.manifest.unit_tests)) {
    await attempt(state, () => {
      try {
        resolveUnitTest(state, test)
      } catch (error) {
        throw blame(error, test)
      }
    })
  }
}

function resolveUnitTest(state: ParseState, test: UnitTestDefinition): void {
  const { manifest } = state
  const model = findTested(state, test)
  if (!model.config.enabled) {
    delete manifest.unit_tests[test.unique_id]
    test.config = { ...test.config, enabled: false }
    manifest.disabled[test.unique_id] ??= [test]
    return
  }
  test.depends_on = { macros: [], nodes: [model.unique_id] }
  test.schema = model.schema
  checkIncremental(test, model)
  if (model.version === null) {
    if (test.versions?.include?.length || test.versions?.exclude?.length) {
      fail(
        'parsing',
        'unit-test-versions',
        `Unit test '${test.name}' should not have a versions include or exclude when referencing non-versioned model ` +
          `'${model.name}'`,
      )
    }
    return
  }
  splitByVersion(state, test, model)
}

/** `model: orders`, or `model: orders 2` for a version. */
function findTested(state: ParseState, test: UnitTestDefinition): ModelNode {
  const words = test.model.split(/\s+/)
  const [name, version] = [words[0]!, words.length === 2 ? words[1]! : null]
  const found = state.names.refable(name, test.package_name, version)
  const node =
    found ?? state.names.disabled(version === null ? name : `${name}.v${version}`, test.package_name, ['model'])[0]
  if (node?.resource_type === 'model') return node
  fail(
    'parsing',
    'unit-test-model-not-found',
    `Unable to find model '${test.package_name}.${test.model}' for unit test '${test.name}' in ${test.original_file_path}`,
    { hint: didYouMean(name, state.names.namesOf('refable')) },
  )
}

function checkIncremental(test: UnitTestDefinition, model: ModelNode): void {
  if (!model.depends_on.macros.includes('macro.dbt.is_incremental')) return
  const override = test.overrides?.macros['is_incremental']
  if (typeof override !== 'boolean') {
    fail(
      'parsing',
      'unit-test-incremental',
      `Boolean override for 'is_incremental' must be provided for unit test '${test.name}' in model '${model.name}'`,
      { hint: 'overrides: {macros: {is_incremental: false}}' },
    )
  }
  if (override && !test.given.some((given) => given.input === 'this')) {
    fail(
      'parsing',
      'unit-test-incremental',
      `Unit test '${test.name}' for incremental model '${model.name}' must have a 'this' input`,
    )
  }
}

function splitByVersion(state: ParseState, test: UnitTestDefinition, model: ModelNode): void {
  const { manifest } = state
  const versions = Object.values(manifest.nodes).filter(
    (node): node is ModelNode =>
      node.resource_type === 'model' &&
      node.version !== null &&
      node.name === model.name &&
      node.package_name === model.package_name,
  )
  const { include, exclude } = test.versions ?? { include: null, exclude: null }
  const has = (list: readonly NodeVersion[], version: NodeVersion | null): boolean =>
    version !== null && list.includes(version)
  const wanted =
    test.versions === null
      ? versions
      : exclude?.length
        ? versions.filter((v) => !has(exclude, v.version))
        : versions.filter((v) => has(include ?? [], v.version))
  if (wanted.length === 0) {
    fail(
      'parsing',
      'unit-test-versions',
      `Unit test '${test.name}' referenced a version of '${model.name}' which was not found.`,
    )
  }
  delete manifest.unit_tests[test.unique_id]
  for (const version of wanted) {
    const id = `unit_test.${test.package_name}.${test.model}.${test.name}_v${version.version}`
    manifest.unit_tests[id] = {
      ...test,
      unique_id: id,
      depends_on: { macros: [], nodes: [version.unique_id] },
      version: version.version,
    }
  }
}
