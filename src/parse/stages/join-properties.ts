import type { TestReferences } from '../generic-tests/test-references.js'
import { readEntries } from '../properties/entries.js'
import { functionProperties } from '../properties/function-properties.js'
import { patchMacros } from '../properties/macro-properties.js'
import { readModelProperties } from '../properties/model-properties.js'
import { inEntry, type NodeProperties, readNodeProperties } from '../properties/node-properties.js'
import { parseModelTests, parseNodeTests } from '../properties/node-tests.js'
import { patchModel } from '../properties/patch-model.js'
import { patchEach } from '../properties/patch-node.js'
import type { PropertiesFile } from '../properties/properties-file.js'
import { patchSingularTests } from '../properties/singular-test-properties.js'
import { readSources, type SourceTables } from '../properties/sources.js'
import { parseExposures } from '../resources/exposure.js'
import { parseGroups } from '../resources/group.js'
import { parseMetrics } from '../resources/metric.js'
import { addModelSemantics } from '../resources/model-semantics.js'
import { parseSavedQueries } from '../resources/saved-query.js'
import { parseSemanticModels } from '../resources/semantic-model.js'
import { parseUnitTests } from '../resources/unit-test.js'
import { parseYamlSnapshots } from '../resources/yaml-snapshot.js'
import { analysisShape, functionShape, modelShape, testableShape } from '../shape/resource-shapes.js'
import type { Shape } from '../shape/shape.js'
import { attempt, type ParseState } from '../state.js'

/** What properties files share while they are joined to the nodes. */
export interface Joining {
  readonly state: ParseState
  readonly references: TestReferences
  readonly sources: SourceTables
}

type Part = (joining: Joining, properties: PropertiesFile, key: string) => Promise<void>

/** The lists of a properties file and what is done with each, in dbt's order. */
const PARTS: readonly (readonly [key: string, part: Part])[] = [
  ['models', joinModels],
  ['seeds', joinTestable],
  ['snapshots', joinSnapshots],
  ['sources', async ({ state, sources }, p, key) => readSources(state, sources, await readEntries(state, p, key))],
  ['macros', async ({ state }, p, key) => patchMacros(state, await readEntries(state, p, key))],
  ['data_tests', async ({ state }, p, key) => patchSingularTests(state, await readEntries(state, p, key))],
  ['analyses', async ({ state }, p, key) => patchEach(state, await readAll(state, p, key, analysisShape))],
  ['exposures', async ({ state }, p, key) => parseExposures(state, await readEntries(state, p, key))],
  ['functions', joinFunctions],
  ['metrics', async ({ state }, p, key) => parseMetrics(state, await readEntries(state, p, key))],
  ['groups', async ({ state }, p, key) => parseGroups(state, await readEntries(state, p, key))],
  ['semantic_models', async ({ state }, p, key) => parseSemanticModels(state, await readEntries(state, p, key))],
  ['unit_tests', async ({ state }, p, key) => parseUnitTests(state, await readEntries(state, p, key))],
  ['saved_queries', async ({ state }, p, key) => parseSavedQueries(state, await readEntries(state, p, key))],
]

/** Adds to the manifest what a properties file says. Faulty entries are left out; what is wrong is collected. */
export async function joinProperties(joining: Joining, properties: PropertiesFile): Promise<void> {
  for (const [key, part] of PARTS) {
    if (key in properties.data) await attempt(joining.state, () => part(joining, properties, key))
  }
}

async function readAll(
  state: ParseState,
  properties: PropertiesFile,
  key: string,
  shape: Shape,
): Promise<NodeProperties[]> {
  const all: NodeProperties[] = []
  for (const entry of await readEntries(state, properties, key)) {
    await attempt(state, () => all.push(readNodeProperties(entry, shape)))
  }
  return all
}

async function joinModels({ state, references }: Joining, properties: PropertiesFile, key: string): Promise<void> {
  const models = []
  for (const props of await readAll(state, properties, key, modelShape)) {
    const model = await attempt(state, () => readModelProperties(props))
    if (model !== undefined) models.push(model)
  }
  for (const model of models) {
    await attempt(state, async () => {
      try {
        await patchModel(state, model)
      } catch (error) {
        throw inEntry(error, model.entry)
      }
    })
  }
  for (const model of models) await parseModelTests(state, references, model)
  for (const model of models) await attempt(state, () => addModelSemantics(state, model))
}

async function joinTestable({ state, references }: Joining, properties: PropertiesFile, key: string): Promise<void> {
  const all = await readAll(state, properties, key, testableShape)
  await patchEach(state, all)
  for (const props of all) await parseNodeTests(state, references, props)
}

async function joinSnapshots(joining: Joining, properties: PropertiesFile, key: string): Promise<void> {
  await parseYamlSnapshots(joining.state, properties)
  await joinTestable(joining, properties, key)
}

async function joinFunctions({ state }: Joining, properties: PropertiesFile, key: string): Promise<void> {
  await patchEach(state, await readAll(state, properties, key, functionShape), functionProperties)
}
