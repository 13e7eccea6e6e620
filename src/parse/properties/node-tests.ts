import { toStr } from '../../jinja/index.js'
import type { NodeVersion } from '../../manifest/index.js'
import type { YamlPath } from '../../project/index.js'
import type { TestTarget } from '../generic-tests/test-definition.js'
import type { TestReferences } from '../generic-tests/test-references.js'
import { parseGenericTest } from '../resources/generic-test.js'
import type { ParseState } from '../state.js'
import { asTags } from './columns.js'
import { columnsOfVersion, type ModelProperties } from './model-properties.js'
import type { Data, NodeProperties } from './node-properties.js'

/** Adds the data tests of a model and its columns, version by version where it has versions. */
export async function parseModelTests(
  state: ParseState,
  references: TestReferences,
  model: ModelProperties,
): Promise<void> {
  if (model.versions.length === 0) {
    await parseTests(state, references, model, 'model', null, model.columns, model.tests, model.entry.base)
    return
  }
  for (const [i, version] of model.versions.entries()) {
    const own = version.data['data_tests'] as unknown[] | null | undefined
    const columns = columnsOfVersion(model, version)
    const path = own === null || own === undefined ? model.entry.base : [...model.entry.base, 'versions', i]
    await parseTests(state, references, model, 'model', version.v, columns, own ?? model.tests, path)
  }
}

/** Adds the data tests of a seed or snapshot. */
export async function parseNodeTests(
  state: ParseState,
  references: TestReferences,
  props: NodeProperties,
): Promise<void> {
  await parseTests(state, references, props, 'node', null, props.columns, props.tests, props.entry.base)
}

async function parseTests(
  state: ParseState,
  references: TestReferences,
  props: NodeProperties,
  kind: TestTarget['kind'],
  version: NodeVersion | null,
  columns: readonly Data[],
  tests: readonly unknown[],
  testsPath: YamlPath,
): Promise<void> {
  const { properties, key, base } = props.entry
  const { file } = properties
  const target: TestTarget = {
    kind,
    name: props.name,
    packageName: file.packageName,
    originalPath: file.originalPath,
    version,
    reference: version ? `ref('${props.name}', version='${toStr(version)}')` : `ref('${props.name}')`,
  }
  const common = { properties, target, yamlKey: key, keyName: props.name }
  for (const column of columns) {
    const list = column['data_tests'] as unknown[] | undefined
    if (list === undefined || list.length === 0) continue
    const tags = columnTags(column)
    const columnName = quotedColumn(state, column, props.quoteColumns)
    const at = props.columns.indexOf(column)
    const columnPath: YamlPath = at === -1 ? base : [...base, 'columns', at]
    for (const [i, test] of list.entries()) {
      const path = [...columnPath, 'data_tests', i]
      await parseGenericTest(state, references, test, { ...common, path, columnName, tags })
    }
  }
  for (const [i, test] of tests.entries()) {
    const path = [...testsPath, 'data_tests', i]
    await parseGenericTest(state, references, test, { ...common, path, columnName: null, tags: [] })
  }
}

function columnTags(column: Data): string[] {
  const config = column['config'] as Data | undefined
  return [...new Set([...asTags(column['tags']), ...asTags(config?.['tags'])])]
}

/** The name of a column as a test gets it: quoted where the column or its node asks for it. */
export function quotedColumn(state: ParseState, column: Data, quoteColumns: boolean | null): string {
  const name = column['name'] as string
  const quote = column['quote'] ?? quoteColumns
  return quote ? state.plugin.dialect.quoteIdentifier(name) : name
}
